import Glibc

/// Small files, whole.
package enum TextFile {
    /// Nil if it cannot be read.
    package static func contents(_ path: String) -> String? {
        bytes(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Copies the contents.
    package static func copy(_ path: String, to copy: String) throws {
        guard let bytes = bytes(path) else { throw SystemFailure("read \(path)") }
        try write(bytes, to: copy, mode: 0o755)
    }

    private static func bytes(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }

    /// Writes a new file, which gets that mode, or a file anew.
    package static func write(_ text: String, to path: String, mode: UInt32 = 0o644) throws {
        try write(Array(text.utf8), to: path, mode: mode)
    }

    private static func write(_ bytes: [UInt8], to path: String, mode: UInt32) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw SystemFailure("write \(path)") }
        defer { close(descriptor) }
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw SystemFailure("write \(path)") }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// A call to the system failed; made right after it, while `errno` stands.
package struct SystemFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ operation: String) {
        description = "\(operation): \(String(cString: strerror(errno)))"
    }
}
