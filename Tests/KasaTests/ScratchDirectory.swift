import Glibc

/// A directory that goes away with the test.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/kasa-tests-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Problem(code: errno) }
        path = String(cString: made)
    }

    deinit {
        for name in (try? names()) ?? [] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    func text(_ name: String) throws -> String {
        guard let file = fopen("\(path)/\(name)", "r") else { throw Problem(code: errno) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    func names() throws -> [String] {
        guard let directory = opendir(path) else { throw Problem(code: errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    struct Problem: Error {
        let code: Int32
    }
}
