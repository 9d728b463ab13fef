import Foundation
import Testing

/// The page for plugin authors shows code that exists.
@Suite struct GuideTests {
    private struct Example: Sendable {
        var file: String
        var code: String
    }

    @Test func everyExampleStandsInTheFileThatItNames() throws {
        let examples = try examples()
        #expect(examples.count >= 15)
        for example in examples {
            let file = try String(contentsOf: Tree.root.appending(path: example.file), encoding: .utf8)
            #expect(file.contains(example.code), "\(example.file) does not contain:\n\(example.code)")
        }
    }

    @Test func everyPieceOfCodeNamesItsFile() throws {
        let code = try guide().matches(of: /(?<before>[^\n]*)\n```(?:swift|c|rust)\n/)
        for match in code { #expect(match.before.hasPrefix("<!-- from: "), "\(match.before)") }
    }

    private func guide() throws -> String {
        try String(contentsOf: Tree.root.appending(path: "docs/plugin-authors.md"), encoding: .utf8)
    }

    private func examples() throws -> [Example] {
        try guide().matches(of: /<!-- from: (?<file>\S+) -->\n```\w+\n(?<code>[\s\S]*?)```\n/)
            .map { Example(file: String($0.file), code: String($0.code)) }
    }
}
