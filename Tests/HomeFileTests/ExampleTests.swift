import HomeFile
import HostAPI
import Manifests
import TestSupport
import Testing

/// What is shipped and documented is true.
@Suite struct ExampleTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    private func text(_ path: String) throws -> String { try #require(TextFile.contents("\(Self.root)/\(path)")) }

    private var shippedKasa: CurrentPlugin {
        get throws {
            let manifest = try Manifest(parsing: text("manifests/kasa.yaml"), file: "kasa.yaml")
            return CurrentPlugin(id: "kasa", version: manifest.version.description, schema: manifest.settings)
        }
    }

    @Test func theExampleFitsTheShippedPlugin() throws {
        let file = try HomeFile(parsing: Array(text("manifests/home.example.yaml").utf8), file: "home.example.yaml")
        #expect(file.plugins.map(\.id.text) == ["kasa", "old-thing"])
        try file.check([try shippedKasa])
        // Its version is the one that is shipped.
        #expect(!file.planned(try shippedKasa).differences.contains { $0.kind == "version" })
    }

    /// The documentation's blocks of YAML that begin with the key `home` are whole files.
    @Test func theExamplesInTheDocumentationAreFiles() throws {
        let blocks = try text("docs/home-file.md").split(separator: "```yaml\n").dropFirst()
            .map { String($0.prefix { $0 != "`" }) }.filter { $0.hasPrefix("home:") }
        #expect(blocks.count == 1)
        for block in blocks {
            let file = try HomeFile(parsing: Array(block.utf8), file: "docs/home-file.md")
            try file.check([try shippedKasa])
        }
    }
}
