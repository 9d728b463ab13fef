import Glibc
import HostAPI

/// Reads files of a registry that is a directory. Blocks.
enum LocalFile {
    /// Hands the whole file to `receive`, in pieces.
    ///
    /// - Parameters:
    ///   - directory: Nothing outside of it is read, wherever links lead.
    ///   - path: Below the directory.
    ///   - known: Nothing is read if the file is still that one.
    ///   - receive: Takes a piece.
    /// - Returns: Which file it was; nil if it is the known one.
    /// - Throws: If it is not there, or not a plain file inside the directory, or cannot be read.
    static func read(
        _ directory: String,
        _ path: String,
        known: Validators? = nil,
        receive: (UnsafeRawBufferPointer) throws(RegistryProblem) -> Void
    ) throws(RegistryProblem) -> Validators? {
        let (descriptor, validators) = try open(directory, path)
        defer { close(descriptor) }
        guard validators != known else { return nil }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 1)
        defer { buffer.deallocate() }
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count == 0 { return validators }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw problem(directory, path, errno) }
            try receive(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private static func open(_ directory: String, _ path: String) throws(RegistryProblem) -> (Int32, Validators) {
        guard let root = resolved(directory) else { throw problem(directory, "", errno, kind: .unusable) }
        guard let target = resolved("\(root)/\(path)") else { throw problem(directory, path, errno) }
        guard target.hasPrefix(root == "/" ? root : root + "/") else {
            throw RegistryProblem(
                .unusable,
                "\(directory)/\(path) is a link that leads out of the registry: to \(target)."
            )
        }
        // Not blocking: it could be a pipe. Not following: it has no links any more, or has just been changed.
        let descriptor = Glibc.open(target, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw problem(directory, path, errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw RegistryProblem(.unusable, "\(directory)/\(path) is not a file.")
        }
        let time = status.st_mtim
        let tag = "\(status.st_dev)-\(status.st_ino)-\(status.st_size)-\(time.tv_sec).\(time.tv_nsec)"
        return (descriptor, Validators(entityTag: tag))
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func problem(
        _ directory: String,
        _ path: String,
        _ number: Int32,
        kind: RegistryProblem.Kind? = nil
    ) -> RegistryProblem {
        let isAbsent = number == ENOENT || number == ENOTDIR
        return RegistryProblem(
            kind ?? (isAbsent ? .absent : .unusable),
            "\(directory)\(path.isEmpty ? "" : "/" + path) cannot be read: \(String(cString: strerror(number)))."
        )
    }
}
