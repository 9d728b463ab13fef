import Foundation
import Testing

/// Runs other programs: compilers, mostly.
struct Tool: Sendable, CustomTestStringConvertible {
    struct Result {
        var status: Int32
        var output: String
    }

    let name: String

    var testDescription: String { name }

    /// Where the tool is, if it is installed.
    var path: String? {
        let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return directories.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs the tool. The result has what it wrote to standard output and standard error.
    func run(
        _ arguments: [String],
        in directory: URL? = nil,
        adding environment: [String: String] = [:]
    ) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path, "\(name) is not installed"))
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }
}

/// Where things are in the work tree.
enum Tree {
    static let root = URL(fileURLWithPath: #filePath).appending(path: "../../..").standardized
    static let include = root.appending(path: "PluginAPI/include")
    static let header = include.appending(path: "plugin_api.h")
    static let golden = root.appending(path: "Tests/PluginAPITests/Golden")
}

/// Calls `body` with a directory that is removed afterwards.
func withScratchDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "hearth-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory)
}
