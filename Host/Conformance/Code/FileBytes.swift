import Glibc

/// Whole files.
enum FileBytes {
    /// More than any shared object that is meant to run in a home.
    static let limit = 512 << 20

    /// The bytes of a regular file; nil if it cannot be read or is larger than `limit`.
    static func read(_ path: String, limit: Int = limit) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
        return nil
    }

    /// The same as text.
    static func text(_ path: String) -> String? {
        read(path, limit: 1 << 24).map { String(decoding: $0, as: UTF8.self) }
    }
}
