import Foundation
import Testing

/// What keeps a worker small: PluginKit needs no library but Swift's own and libc.
@Suite struct PluginKitRulesTests {
    @Test func importsNothingLarge() throws {
        let folder = Tree.root.appending(path: "PluginAPI/PluginKit")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var imports: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let source = try String(contentsOf: file, encoding: .utf8)
            imports.formUnion(source.matches(of: /(?m)^(?:public )?import (\w+)/).map { String($0.1) })
        }
        #expect(imports == ["CLinux", "Glibc", "PluginAPI", "Synchronization"])
    }
}
