import HostAPI
import Packages
import Registry
import Store
import Synchronization

/// The registry that the host asks at present; a desired-state file may name another one while it runs.
final class RegistrySwitch: PackageCatalogue {
    private let current = Mutex<(location: String, client: RegistryClient)?>(nil)
    private let cacheDirectory: String
    private let report: @Sendable (String) -> Void

    init(cacheDirectory: String, report: @escaping @Sendable (String) -> Void) {
        self.cacheDirectory = cacheDirectory
        self.report = report
    }

    /// Nil: there is none.
    var client: RegistryClient? { current.withLock { $0?.client } }

    /// As it was named.
    var location: String? { current.withLock { $0?.location } }

    /// - Parameter location: A URL, or the absolute path of a directory; nil: none.
    /// - Throws: If it is neither; the one before stays.
    func use(_ location: String?) throws(Failure) {
        guard let location else { return current.withLock { $0 = nil } }
        let client = try RegistryClient(
            location: location,
            cacheDirectory: cacheDirectory,
            hostVersion: hearthVersion,
            report: report
        )
        current.withLock { $0 = (location, client) }
    }

    func release(of id: String, version: String?) async throws(PackageCatalogueError) -> PackageRelease {
        try await present().release(of: id, version: version)
    }

    func fetch(
        _ release: PackageRelease,
        to path: String,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws(PackageCatalogueError) {
        try await present().fetch(release, to: path, progress: progress)
    }

    private func present() throws(PackageCatalogueError) -> RegistryClient {
        if let client { return client }
        throw .unreachable(Self.none)
    }

    static let none = Failure(
        .unsupported,
        "this host has no registry",
        hint: "start hostd with --registry, or name one in the desired-state file; a package file needs none"
    )
}
