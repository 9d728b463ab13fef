import Crypto
import Glibc
import HostAPI
import Packages
import Registry
import TestSupport

/// A server, a cache directory and a clock of one test.
struct RegistryFixture {
    let server: RegistryServer
    let scratch: ScratchDirectory
    let time = ManualClock()

    static func with(
        _ name: String = #function,
        _ body: (RegistryFixture) async throws -> Void
    ) async throws {
        let fixture = RegistryFixture(server: try RegistryServer(), scratch: try ScratchDirectory(named: name))
        defer {
            fixture.server.stop()
            fixture.scratch.remove()
        }
        try await body(fixture)
    }

    func client(
        _ location: String? = nil,
        options: RegistryOptions = RegistryOptions(),
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> RegistryClient {
        try RegistryClient(
            location: location ?? "\(server.url)/index.json",
            cacheDirectory: scratch.path,
            hostVersion: "0.1.0",
            clock: time.clock,
            options: options,
            report: report
        )
    }

    /// Every request gets this index.
    func serve(_ index: String, headers: [String: String] = [:]) {
        server.handle { _ in .answer(200, headers, index) }
    }
}

/// The text of an index with these plugins.
func index(_ plugins: String...) -> String { #"{"registry": 1, "plugins": [\#(plugins.joined(separator: ","))]}"# }

/// The text of one plugin of an index.
func plugin(
    _ id: String,
    name: String = "A plugin",
    description: String = "Does something.",
    tags: String = "[]",
    metadata: String? = nil,
    versions: String...
) -> String {
    let metadata = metadata.map { #""metadata": "\#($0)","# } ?? ""
    let versions = versions.isEmpty ? [version("1.0.0")] : versions
    return """
        {"id": "\(id)", "name": "\(name)", "description": "\(description)", "category": "test", "tags": \(tags),
         \(metadata) "versions": [\(versions.joined(separator: ","))]}
        """
}

/// The text of one version of a plugin.
func version(
    _ version: String,
    file: String = "package.tar.gz",
    of content: String = "content",
    minimumHost: String? = nil,
    abi: String = "1.0",
    sha256 digest: String? = nil,
    size: Int? = nil
) -> String {
    let minimumHost = minimumHost.map { #", "minimum_host": "\#($0)""# } ?? ""
    return """
        {"version": "\(version)", "file": "\(file)", "sha256": "\(digest ?? sha256(of: content))",
         "size": \(size ?? content.utf8.count), "abi": "\(abi)"\(minimumHost)}
        """
}

func sha256(of content: String) -> String {
    SHA256.hash(data: Array(content.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// How an operation of the catalogue failed.
func error(of body: () async throws(PackageCatalogueError) -> Void) async -> PackageCatalogueError? {
    do throws(PackageCatalogueError) {
        try await body()
        return nil
    } catch {
        return error
    }
}

extension PackageCatalogueError {
    var isMissing: Bool { if case .missing = self { true } else { false } }
    var isUnreachable: Bool { if case .unreachable = self { true } else { false } }
    var message: String { failure.message }
}

extension ScratchDirectory {
    /// The names of the files in it.
    func names(in subdirectory: String = "") throws -> [String] {
        guard let directory = opendir("\(path)/\(subdirectory)") else { throw SystemFailure("open \(path)") }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    func contents(_ name: String) -> String? { TextFile.contents("\(path)/\(name)") }
}
