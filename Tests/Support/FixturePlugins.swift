import Glibc
import Synchronization

/// The misbehaving plugins of `Tests/Fixtures/Plugins`, compiled when a test needs them.
///
/// They are kept from run to run under a name made of their source, so that each version is compiled once.
package enum FixturePlugins {
    private static let sources = "\(SourceTree.directory)/Tests/Fixtures/Plugins"
    private static let headers = "\(SourceTree.directory)/PluginAPI/include"
    private static let compilations = Mutex<[String: Task<String, any Error>]>([:])

    /// - Returns: The path of the shared object.
    /// - Throws: With the compiler's words if it cannot be compiled.
    package static func sharedObject(of id: String) async throws -> String {
        try await sharedObject(id, from: "\(sources)/\(id).c")
    }

    /// Compiles a source once.
    ///
    /// - Parameters:
    ///   - name: The beginning of the shared object's name.
    ///   - source: The path of the C source.
    ///   - definitions: What the compiler is given with `-D`.
    /// - Returns: The path of the shared object.
    /// - Throws: With the compiler's words if it cannot be compiled.
    static func sharedObject(_ name: String, from source: String, definitions: [String] = []) async throws -> String {
        let key = ([source] + definitions).joined(separator: "\0")
        let compilation = compilations.withLock { compilations in
            if let known = compilations[key] { return known }
            let new = Task { try await compile(name, source, definitions) }
            compilations[key] = new
            return new
        }
        return try await compilation.value
    }

    private static func compile(_ id: String, _ source: String, _ definitions: [String]) async throws -> String {
        let cache = "/tmp/hearth-fixtures-\(getuid())"
        guard mkdir(cache, 0o700) == 0 || errno == EEXIST else { throw SystemFailure("make \(cache)") }
        let texts = [source, "\(sources)/minimal.h", "\(headers)/plugin_api.h"].map { TextFile.contents($0) ?? "" }
        let path = "\(cache)/\(id)-\(digest(of: texts + definitions)).so"
        guard access(path, R_OK) != 0 else { return path }
        // Under a name of its own first: another run of the tests may compile it too.
        let temporary = "\(path).\(getpid())"
        let label = "\(id)-\(digest(of: texts + definitions)).\(getpid())"
        let compiler = try Program(
            "/usr/bin/env",
            [
                "cc", "-std=c11", "-O1", "-shared", "-fPIC", "-fvisibility=hidden", "-I", headers, "-o", temporary,
                source, "-lpthread",
            ] + definitions.map { "-D\($0)" },
            environment: ["PATH": getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"],
            outputIn: cache,
            label: label
        )
        let exit = try await compiler.wait()
        defer { for kind in ["out", "err"] { unlink("\(cache)/\(label).\(kind)") } }
        guard exit == .status(0) else { throw Program.Failure(description: "\(compiler.name): \(compiler.errors)") }
        guard rename(temporary, path) == 0 else { throw SystemFailure("rename \(temporary)") }
        return path
    }

    /// FNV-1a, 64 bits: it tells versions of a file apart, and nobody attacks it here.
    private static func digest(of texts: [String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in texts.joined(separator: "\0").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
