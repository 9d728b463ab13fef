import CLinux
import Glibc
import HostAPI

extension Failure {
    /// A call to the system that failed on a file.
    ///
    /// - Parameters:
    ///   - operation: What was to be done with it, after "cannot": "write".
    ///   - path: The file, as the user knows it.
    ///   - number: The `errno` value.
    /// - Returns: One sentence, and what to do where that is known.
    static func system(_ operation: String, _ path: String, _ number: Int32) -> Failure {
        let start = "Cannot \(operation) \(path.shownInMessage)"
        return switch number {
        case ENOSPC, EDQUOT:
            Failure(.internalError, "\(start): the disk is full.", hint: "free some space, then try again")
        case EIO:
            Failure(
                .internalError,
                "\(start): the disk reports an error.",
                hint: "look at the kernel's log with `journalctl -k`; the disk may be failing"
            )
        case EROFS: Failure(.denied, "\(start): the file system is read-only.")
        case EACCES, EPERM: Failure(.denied, "\(start): the host is not permitted to.")
        case ENOENT: Failure(.notFound, "\(start): it is not there.")
        case EMFILE, ENFILE: Failure(.busy, "\(start): too many files are open.", hint: "try again")
        default: Failure(.internalError, "\(start): \(String(cString: strerror(number))).")
        }
    }
}

/// Calls the system again while it is interrupted by signals.
///
/// - Parameters:
///   - operation: What is done, after "cannot": "open".
///   - path: What it is done to.
///   - call: The call; negative if it failed.
/// - Returns: What the call returned.
/// - Throws: What went wrong, with the path.
@discardableResult
func systemCall<Result: SignedInteger>(
    _ operation: String,
    _ path: String,
    _ call: () -> Result
) throws(Failure) -> Result {
    while true {
        let result = call()
        if result >= 0 { return result }
        let number = errno
        if number != EINTR { throw .system(operation, path, number) }
    }
}

/// An open file or directory, closed at the end of its life.
struct OpenFile: ~Copyable {
    let descriptor: Int32
    /// For messages.
    let path: String

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    init(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(Failure) {
        descriptor = try systemCall("open", path) { Glibc.open(path, flags | O_CLOEXEC, mode) }
        self.path = path
    }

    deinit { close(descriptor) }

    /// Opens what is called `name` in this directory; never follows a link.
    func open(_ name: String, _ flags: Int32, mode: mode_t = 0) throws(Failure) -> OpenFile {
        let inside = "\(path)/\(name)"
        let opened = try systemCall("open", inside) {
            openat(descriptor, name, flags | O_NOFOLLOW | O_CLOEXEC, mode)
        }
        return OpenFile(descriptor: opened, path: inside)
    }

    func status() throws(Failure) -> stat {
        var status = stat()
        try systemCall("examine", path) { fstat(descriptor, &status) }
        return status
    }

    /// Reads on; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        try systemCall("read", path) { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
    }

    /// Reads from there, as much as there is.
    func read(at offset: UInt64, count: Int) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let amount = try systemCall("read", path) {
                bytes.withUnsafeMutableBytes { buffer in
                    pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, Int(offset) + filled)
                }
            }
            if amount == 0 { break }
            filled += amount
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    /// Writes all of it.
    func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = try systemCall("write", path) { Glibc.write(descriptor, part.baseAddress, part.count) }
            rest = rest.dropFirst(count)
        }
    }

    func write(_ bytes: [UInt8]) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try systemCall("write", path) {
                rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Waits until all of it is on the disk.
    func sync() throws(Failure) {
        try systemCall("write to the disk", path) { fsync(descriptor) }
    }
}
