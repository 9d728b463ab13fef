import Foundation
import Testing

/// The templates build as their pages say, and export one symbol.
@Suite struct TemplateTests {
    @Test(arguments: ["gcc", "clang"])
    func theOneInCBuildsWithoutAWarning(compiler: String) throws {
        try withScratchDirectory { package in
            let directory = Tree.root.appending(path: "Plugins/Templates/C")
            let result = try Tool(name: "make").run(
                ["CC=\(compiler)", "CFLAGS=-O2 -Werror", "PACKAGE=\(package.path)"],
                in: directory
            )
            #expect(result.status == 0, "\(result.output)")
            #expect(try exports(of: package.appending(path: "template-c.so")) == ["hearth_plugin_entry"])
            #expect(FileManager.default.fileExists(atPath: package.appending(path: "plugin.yaml").path))
        }
    }

    @Test(.enabled(if: Tool(name: "cargo").path != nil, "Rust is not installed"))
    func theOneInRustBuildsOfflineWithoutAWarning() throws {
        try withScratchDirectory { target in
            let directory = Tree.root.appending(path: "Plugins/Templates/Rust")
            let result = try Tool(name: "cargo").run(
                ["build", "--offline", "--locked"],
                in: directory,
                adding: ["CARGO_TARGET_DIR": target.path, "RUSTFLAGS": "-Dwarnings"]
            )
            #expect(result.status == 0, "\(result.output)")
            #expect(try exports(of: target.appending(path: "debug/libtemplate_rust.so")) == ["hearth_plugin_entry"])
        }
    }

    @Test(arguments: ["Swift", "C", "Rust"])
    func eachHasAManifestForItsFile(language: String) throws {
        let file = Tree.root.appending(path: "Plugins/Templates/\(language)/plugin.yaml")
        let manifest = try String(contentsOf: file, encoding: .utf8)
        #expect(manifest.contains("\nid: template-\(language.lowercased())\n"))
        #expect(manifest.contains("\nabi: \"1.0\"\n"))
    }

    private func exports(of file: URL) throws -> [String] {
        let result = try Tool(name: "nm").run(["-D", "--defined-only", "--extern-only", file.path])
        try #require(result.status == 0, "\(result.output)")
        return result.output.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
    }
}
