internal import CLinux
internal import Glibc
package import HostAPI
internal import Manifests

extension LinkedPackage {
    /// More files than a plugin has; a loop of bind mounts would have more.
    private static let maximumFiles = 10_000
    private static let maximumDepth = 16

    /// Makes a package directory of the parts, for the installer.
    ///
    /// Everything is copied: a link would let the author's next build write into a version that is in use.
    ///
    /// - Parameter target: A directory that is made; there is nothing of that name yet. Whoever asks removes it.
    /// - Throws: If something cannot be copied, or changes meanwhile.
    package func assemble(into target: String) throws(Failure) {
        guard mkdir(target, 0o755) == 0 else { throw Self.failure(target) }
        try Self.copy(manifestPath, to: "\(target)/\(PackageDirectory.manifestName)")
        try Self.copy(codePath, to: "\(target)/\(manifest.entry)")
        guard let resourcesPath else { return }
        var count = 0
        try Self.copyTree(resourcesPath, to: "\(target)/resources", depth: 0, count: &count)
    }

    private static func copyTree(
        _ source: String,
        to target: String,
        depth: Int,
        count: inout Int
    ) throws(Failure) {
        guard depth < maximumDepth else { throw Failure(.invalidArgument, "\(source) lies too deep for a package") }
        guard mkdir(target, 0o755) == 0 else { throw failure(target) }
        for name in try names(in: source) {
            count += 1
            guard count <= maximumFiles else {
                throw Failure(.invalidArgument, "\(source) and what is beside it are more than \(maximumFiles) files")
            }
            let path = "\(source)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { throw failure(path) }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try copyTree(path, to: "\(target)/\(name)", depth: depth + 1, count: &count)
            case S_IFREG: try copy(path, to: "\(target)/\(name)")
            default:
                throw Failure(
                    .invalidArgument,
                    "\(path) is neither a file nor a directory",
                    hint: "put a copy of what it leads to in its place"
                )
            }
        }
    }

    private static func names(in directory: String) throws(Failure) -> [String] {
        guard let handle = opendir(directory) else { throw failure(directory) }
        defer { closedir(handle) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw failure(directory) }
        return names.sorted()
    }

    private static func copy(_ source: String, to target: String) throws(Failure) {
        let input = open(source, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard input >= 0 else { throw failure(source) }
        defer { close(input) }
        var before = stat()
        guard fstat(input, &before) == 0 else { throw failure(source) }
        guard before.st_mode & S_IFMT == S_IFREG else {
            throw Failure(.invalidArgument, "\(source) is not a regular file")
        }
        let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644 | before.st_mode & 0o111)
        guard output >= 0 else { throw failure(target) }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 1 << 17)
        while true {
            let count = read(input, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(source) }
            if count == 0 { break }
            try write(buffer[..<count], to: output, path: target)
        }
        var after = stat()
        guard fstat(input, &after) == 0, after.st_size == before.st_size,
            after.st_mtim.tv_sec == before.st_mtim.tv_sec, after.st_mtim.tv_nsec == before.st_mtim.tv_nsec
        else { throw Failure(.conflict, "\(source) was written to while it was copied", hint: "try again") }
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, path: String) throws(Failure) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func failure(_ path: String) -> Failure {
        Failure(.internalError, "\(path): \(String(cString: strerror(errno)))")
    }
}
