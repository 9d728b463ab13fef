import Glibc
import Manifests
import Testing

/// Everything in the repository that claims to be a manifest is one.
@Suite struct ShippedManifestsTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    private static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 21)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }

    private static var paths: [String] {
        let shipped = names(in: root + "/manifests").filter { $0.hasSuffix(".yaml") && $0 != "home.example.yaml" }
            .map { root + "/manifests/" + $0 }
        let templates = root + "/Plugins/Templates"
        return shipped + names(in: templates).map { "\(templates)/\($0)/plugin.yaml" }.filter { read($0) != nil }
    }

    @Test func thereAreSome() {
        #expect(!Self.paths.isEmpty)
    }

    @Test(arguments: paths)
    func isAManifest(path: String) throws {
        let bytes = try #require(Self.read(path))
        do {
            let manifest = try Manifest(parsing: bytes, file: path)
            if path.contains("/manifests/") { #expect(path.hasSuffix("/\(manifest.id).yaml")) }
        } catch {
            Issue.record("\(error)")
        }
    }

    /// The documentation's blocks of YAML that begin with the key `manifest` are whole manifests.
    @Test func theExampleInTheDocumentationIsAManifest() throws {
        let document = String(decoding: try #require(Self.read(Self.root + "/docs/manifest.md")), as: UTF8.self)
        var blocks: [[Substring]] = []
        var isInside = false
        for line in document.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```yaml"
                if isInside { blocks.append([]) }
            } else if isInside {
                blocks[blocks.count - 1].append(line)
            }
        }
        let examples = blocks.filter { $0.first?.hasPrefix("manifest:") == true }
        #expect(examples.count == 2)
        for example in examples {
            do {
                _ = try Manifest(parsing: example.joined(separator: "\n"), file: "docs/manifest.md")
            } catch {
                Issue.record("\(error)")
            }
        }
    }
}
