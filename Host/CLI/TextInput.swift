import Glibc
import HostAPI

/// A text that a command takes from a file or from standard input.
enum TextInput {
    /// The host takes no larger body.
    private static let maximum = 1 << 20

    /// The whole of it; `-` is standard input.
    ///
    /// - Throws: `invalid-argument` if it cannot be read, is too large or no UTF-8.
    static func read(_ path: String) throws(Failure) -> String {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= maximum {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, errno) }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        guard bytes.count <= maximum else {
            throw Failure(.invalidArgument, "\(path) is larger than 1 MiB: that is no desired-state file.")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(.invalidArgument, "\(path) is not UTF-8 text.")
        }
        return text
    }

    private static func unreadable(_ path: String, _ number: Int32) -> Failure {
        Failure(.invalidArgument, "\(path) cannot be read: \(String(cString: strerror(number)))")
    }
}
