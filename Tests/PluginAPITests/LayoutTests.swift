import Foundation
import Testing

/// Plugins that were built long ago are loaded by hosts of today: nothing in the header may move.
@Suite struct LayoutTests {
    private static let advice = """
        plugin_api.h changed. If something was appended: raise HEARTH_ABI_MINOR, and bring the golden files up to date
        with HEARTH_UPDATE_GOLDEN=1 swift test --filter PluginAPITests. If anything moved, shrank or went, take it back:
        plugins that are out there would break. If only a comment changed, bring the golden files up to date.
        """

    private var isUpdating: Bool { ProcessInfo.processInfo.environment["HEARTH_UPDATE_GOLDEN"] != nil }

    /// Every struct's size and every member's offset, as the compiler sees them on a 64-bit machine.
    @Test func everyMemberIsWhereItWas() throws {
        let layout = try layout(of: Header.read())
        try compare(layout, with: "layout.txt")
    }

    @Test func theHeaderIsTheOneThatWasReleased() throws {
        let sum = try Tool(name: "sha256sum").run([Tree.header.path]).output.prefix(64)
        try compare("\(sum)\n", with: "plugin_api.h.sha256")
    }

    private func compare(_ text: String, with name: String) throws {
        let file = Tree.golden.appending(path: name)
        if isUpdating { try text.write(to: file, atomically: true, encoding: .utf8) }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(text == golden, "\(LayoutTests.advice)")
    }

    private func layout(of header: Header) throws -> String {
        let lines = header.structs.flatMap { item in
            [#"printf("\#(item.name) %zu\n", sizeof(\#(item.name)));"#]
                + item.members.map { member in
                    let size = "sizeof(((\(item.name) *)0)->\(member.name))"
                    let offset = "offsetof(\(item.name), \(member.name))"
                    return #"printf("    %3zu %3zu \#(member.name)\n", \#(offset), \#(size));"#
                }
        }
        let source = """
            #include <plugin_api.h>
            #include <stdio.h>
            int main(void) {
            \(lines.joined(separator: "\n"))
            return 0;
            }
            """
        return try withScratchDirectory { directory in
            let file = directory.appending(path: "layout.c")
            let program = directory.appending(path: "layout")
            try source.write(to: file, atomically: true, encoding: .utf8)
            let compiled = try Tool(name: "gcc").run(["-I", Tree.include.path, file.path, "-o", program.path])
            try #require(compiled.status == 0, "\(compiled.output)")
            return try Tool(name: "env").run([program.path]).output
        }
    }
}
