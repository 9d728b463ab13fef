package import HostAPI

/// One version of a plugin that can be fetched.
package struct PackageRelease: Sendable, Equatable {
    package var id: String
    package var version: String
    /// A URL or an absolute path.
    package var location: String
    /// SHA-256 of the package file, lower-case hexadecimal.
    package var sha256: String
    /// Of the package file, bytes.
    package var size: Int64

    package init(id: String, version: String, location: String, sha256: String, size: Int64) {
        self.id = id
        self.version = version
        self.location = location
        self.sha256 = sha256
        self.size = size
    }
}

/// Why a registry has no answer. The difference decides whether it is asked again.
package enum PackageCatalogueError: Error, Sendable, Equatable {
    /// It answered, and has no such plugin or version, or none that this host can load.
    case missing(Failure)
    /// It could not be asked, or its answer is not an index: nothing is known.
    case unreachable(Failure)
}

extension PackageCatalogueError: FailureConvertible {
    package var failure: Failure {
        switch self {
        case .missing(let failure), .unreachable(let failure): failure
        }
    }
}

/// Where packages come from by id.
package protocol PackageCatalogue: Sendable {
    /// Asks the registry now, past every cache.
    ///
    /// - Parameters:
    ///   - id: The plugin's id.
    ///   - version: Nil: the newest that this host can load.
    /// - Returns: Where it is, and what it must be like.
    /// - Throws: Whether it is not there or could not be asked for.
    func release(of id: String, version: String?) async throws(PackageCatalogueError) -> PackageRelease

    /// Fetches a package file, and checks its size and SHA-256.
    ///
    /// - Parameters:
    ///   - release: What `release(of:version:)` gave.
    ///   - path: The file that is made; there is nothing of that name yet.
    ///   - progress: Told how many bytes are there, now and then.
    /// - Throws: `missing` if the file is not there or not what the release says; nothing of it is left then.
    func fetch(
        _ release: PackageRelease,
        to path: String,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws(PackageCatalogueError)
}
