import Glibc

/// A plugin as it lies in a directory: the manifest, and code that could be loaded.
package struct Package: Sendable, Equatable {
    package var manifest: Manifest
    /// Absolute, without symbolic links.
    package var directory: String
    /// Absolute, without symbolic links; inside the directory.
    package var entryPath: String
}

/// Reads packages from directories. Loads no code.
package enum PackageDirectory {
    package static let manifestName = "plugin.yaml"

    /// Reads and checks the package in `directory`.
    ///
    /// - Throws: `PackageError`.
    package static func read(_ directory: String) throws(PackageError) -> Package {
        guard let root = resolve(directory) else {
            throw PackageError.manifestMissing(path: directory, reason: reason(errno))
        }
        let manifest = try readManifest(root)
        return Package(
            manifest: manifest,
            directory: root,
            entryPath: try checkEntry("\(root)/\(manifest.entry)", in: root)
        )
    }

    /// Reads only the manifest, to tell about a package that cannot be loaded. It is not read through a symbolic link:
    /// messages quote it, and would show what lies elsewhere.
    ///
    /// - Throws: `PackageError.manifestMissing` or `.manifestInvalid`.
    package static func readManifest(_ directory: String) throws(PackageError) -> Manifest {
        let path = "\(directory)/\(manifestName)"
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try readFile(path, O_NOFOLLOW, limit: YAMLParser.sizeLimit + 1)
        } catch {
            throw PackageError.manifestMissing(path: path, reason: error.reason)
        }
        do throws(ManifestError) {
            return try Manifest(parsing: bytes, file: path)
        } catch {
            throw PackageError.manifestInvalid(error)
        }
    }

    private static func checkEntry(_ path: String, in root: String) throws(PackageError) -> String {
        guard let resolved = resolve(path) else {
            throw PackageError.entryMissing(path: path, reason: reason(errno))
        }
        guard resolved.hasPrefix(root + "/") else {
            throw PackageError.entryOutside(path: path, target: resolved)
        }
        let start: [UInt8]
        do throws(FileProblem) {
            start = try readFile(resolved, limit: ELFHeader.size)
        } catch {
            throw PackageError.entryMissing(path: path, reason: error.reason)
        }
        guard let header = ELFHeader(start) else { throw PackageError.notELF(path: path) }
        guard header.machineName == ELFHeader.thisMachine else {
            throw PackageError.otherMachine(path: path, built: header.machineName, here: ELFHeader.thisMachine)
        }
        guard header.isSharedObject else { throw PackageError.notSharedObject(path: path) }
        return resolved
    }

    // MARK: Files

    private struct FileProblem: Error {
        var reason: String
    }

    /// At most `limit` bytes of a regular file.
    private static func readFile(_ path: String, _ flags: Int32 = 0, limit: Int) throws(FileProblem) -> [UInt8] {
        // Not blocking, so that a FIFO of that name does not hold up the host.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags)
        guard descriptor >= 0 else {
            let code = errno
            throw FileProblem(reason: flags & O_NOFOLLOW != 0 && isLink(path) ? linkReason : reason(code))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileProblem(reason: reason(errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FileProblem(reason: "it is not a regular file") }
        var bytes = [UInt8](repeating: 0, count: min(limit, max(Int(status.st_size), 0) + 1))
        var count = 0
        while count < bytes.count {
            let amount = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if amount < 0, errno == EINTR { continue }
            guard amount >= 0 else { throw FileProblem(reason: reason(errno)) }
            if amount == 0 { break }
            count += amount
        }
        return Array(bytes.prefix(count))
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static let linkReason = "\(manifestName) is a symbolic link; put a copy of it into the package"

    private static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    private static func reason(_ code: Int32) -> String {
        switch code {
        case ENOENT: "it is not there"
        case EACCES: "the host may not read it"
        case ELOOP: "its symbolic links go round in circles"
        default: String(cString: strerror(code))
        }
    }
}
