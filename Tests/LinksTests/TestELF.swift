import Glibc
import TestSupport

/// A real shared object: one that this program has loaded.
enum TestELF {
    static func bytes() throws -> [UInt8] {
        guard let file = fopen("/lib/x86_64-linux-gnu/libdl.so.2", "re") ?? fopen("/proc/self/exe", "re") else {
            throw SystemFailure("open a shared object")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }

    static func write(_ bytes: ArraySlice<UInt8>, to path: String) throws {
        guard let file = fopen(path, "we") else { throw SystemFailure("write \(path)") }
        defer { fclose(file) }
        let written = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        guard written == bytes.count else { throw SystemFailure("write \(path)") }
    }
}
