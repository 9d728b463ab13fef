import Glibc
import HostAPI
import Packages

/// Packages that the installer takes, and that nothing could load: a manifest, and the beginning of an ELF file.
struct TestPackages {
    let directory: String

    /// Makes a package directory; another build has another content.
    @discardableResult
    func make(
        _ version: String,
        of id: String = "kasa",
        build: Int = 1,
        abi: String = "1.0",
        extra: String = ""
    ) throws -> String {
        let path = "\(directory)/\(id)-\(version)-\(build)-\(abi)-\(extra.hashValue)"
        if mkdir(path, 0o755) != 0 { return path }
        try write(
            Array(
                """
                manifest: 1
                id: \(id)
                name: A test
                version: \(version)
                description: Does nothing.
                license: MIT
                entry: \(id).so
                abi: "\(abi)"
                \(extra)

                """.utf8
            ),
            to: "\(path)/plugin.yaml"
        )
        try write(Self.code("\(id) \(version) \(build)"), to: "\(path)/\(id).so")
        return path
    }

    func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = fopen(path, "w") else { throw Failure(.internalError, "cannot write \(path)") }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw Failure(.internalError, "cannot write \(path)")
        }
    }

    private static func code(_ text: String) -> [UInt8] {
        #if arch(arm64)
        let machine: UInt8 = 183
        #else
        let machine: UInt8 = 62
        #endif
        return [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, machine, 0] + Array(text.utf8)
    }
}

/// A registry in a directory: what was added to it is there.
final class TestCatalogue: PackageCatalogue {
    private let state = Locked<[PackageRelease]>([])
    /// When set, nothing is reached.
    let isUnreachable = Locked(false)

    func add(_ id: String, _ version: String, at location: String, size: Int64 = 1_000) {
        state.change {
            $0.append(
                PackageRelease(
                    id: id,
                    version: version,
                    location: location,
                    sha256: String(repeating: "0", count: 64),
                    size: size
                )
            )
        }
    }

    func release(of id: String, version: String?) async throws(PackageCatalogueError) -> PackageRelease {
        if isUnreachable.value { throw .unreachable(Failure(.registryUnreachable, "the registry does not answer")) }
        let releases = state.value.filter { $0.id == id && (version == nil || $0.version == version) }
        guard let newest = releases.last else { throw .missing(Failure(.notFound, "the registry has no \(id)")) }
        return newest
    }

    /// The "file" that is fetched is the package's directory.
    func fetch(
        _ release: PackageRelease,
        to path: String,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws(PackageCatalogueError) {
        if isUnreachable.value { throw .unreachable(Failure(.registryUnreachable, "the registry does not answer")) }
        progress(500)
        do throws(Failure) {
            try PackageUnpacker.unpack(.directory(release.location), to: path)
        } catch {
            throw .missing(error)
        }
    }
}
