import Foundation

/// A directory that lives as long as this value; `KEEP_SCRATCH=1` keeps it.
final class Scratch: Sendable {
    let path: String

    init(_ name: String = #function) throws {
        let letters = name.filter { $0.isLetter || $0.isNumber }
        // In memory where that is possible: thousands of commits need not wear a disk.
        let root = "/dev/shm"
        let isUsable = FileManager.default.isWritableFile(atPath: root)
        path =
            (isUsable ? root : FileManager.default.temporaryDirectory.path) + "/store-\(letters)-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        guard ProcessInfo.processInfo.environment["KEEP_SCRATCH"] == nil else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    var state: String { path + "/state.db" }
    var history: String { path + "/history.db" }

    func bytes(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path))
    }

    func write(_ data: Data, to path: String) throws {
        try data.write(to: URL(fileURLWithPath: path))
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    /// Overwrites the middle of a file, as a failing card does.
    func damage(_ path: String, fromPage first: Int = 1) throws {
        var data = try bytes(path)
        let pageSize = 4_096
        for index in (pageSize * first)..<min(data.count, pageSize * (first + 40)) { data[index] = 0xA5 }
        try write(data, to: path)
    }
}
