import HomeFile
import HostAPI
import Manifests
import Testing

@Suite struct ReadingTests {
    @Test func everyKeyIsReadWithItsLine() throws {
        let text = """
            home: 1
            registry: https://plugins.example.org/index.json
            plugins:
              kasa:
                version: "1.2.0"
                source: ./kasa.tar.gz
                enabled: true
                pinned: false
                settings:
                  interval: 10
              old-thing:
                absent: true
              hue:
                version: latest
              plain:
            """
        let file = try HomeFile(parsing: Array(text.utf8), file: "home.yaml")
        #expect(file.registry == Located("https://plugins.example.org/index.json", line: 2))
        #expect(file.plugins.map(\.id.text) == ["kasa", "old-thing", "hue", "plain"])
        let kasa = file.plugins[0]
        #expect(kasa.line == 4)
        #expect(kasa.version == Located(.exactly(try #require(PluginVersion("1.2.0"))), line: 5))
        #expect(kasa.source == Located("./kasa.tar.gz", line: 6))
        #expect(kasa.isEnabled == Located(true, line: 7))
        #expect(kasa.isPinned == Located(false, line: 8))
        #expect(kasa.settings?.jsonValue == .object(["interval": .integer(10)]))
        #expect(file.plugins[1].isAbsent)
        #expect(file.plugins[2].version?.value == .latest)
        #expect(file.plugins[3] == HomePlugin(id: try #require(PluginID("plain")), line: 15))
    }

    @Test(arguments: ["home: 1", "home: 1\nplugins:", "home: 1\nplugins: {}", "{\"home\": 1}"])
    func aFileMaySayNothing(text: String) throws {
        #expect(try HomeFile(parsing: Array(text.utf8), file: "home.yaml").plugins.isEmpty)
    }

    @Test(arguments: [
        ("", "1:1: the file must be a mapping, is empty"),
        ("[]", "1:1: the file must be a mapping, is a list"),
        ("null", "1:1: the file must be a mapping, is null"),
        ("plugins: {}", "1:1: \"home\" is missing"),
        ("home: 2", "1:7: \"home\" must be 1, is 2; a newer format needs a newer host"),
        ("home: one", "1:7: \"home\" must be 1, is \"one\""),
        ("home: 1\nplugin: {}", "2:1: unknown key \"plugin\" (did you mean \"plugins\"?)"),
        ("home: 1\nplugins: [kasa]", "2:10: \"plugins\" must be a mapping, is a list"),
        ("home: 1\nplugins:\n  kasa: yes", "3:9: \"kasa\" must be a mapping, is \"yes\""),
        (
            "home: 1\nplugins:\n  Kasa: {}",
            "3:3: \"Kasa\" must be a plugin's id: a lower-case letter, then 1 to 30 lower-case letters, digits or hyphens"
        ),
        ("home: 1\nplugins:\n  kasa: {}\n  kasa: {}", "4:3: the key \"kasa\" is already in line 3"),
        ("home: 1\nplugins:\n  kasa:\n    enable: true", "4:5: unknown key \"enable\" (did you mean \"enabled\"?)"),
        (
            "home: 1\nplugins:\n  kasa:\n    enabled: on",
            "4:14: \"enabled\" must be true or false, is \"on\"; write true"
        ),
        (
            "home: 1\nplugins:\n  kasa:\n    version: 1.20",
            "4:14: \"version\" must be text, is the number 1.20; put it in quotes"
        ),
        (
            "home: 1\nplugins:\n  kasa:\n    version: lates",
            "4:14: \"version\" must be three numbers such as \"1.2.3\", or latest, is \"lates\" "
                + "(did you mean \"latest\"?)"
        ),
        (
            "home: 1\nplugins:\n  kasa:\n    source: https://example.org/kasa.tar.gz",
            "4:13: \"source\" must be the path of a package; what the registry has needs no source, "
                + "is \"https://example.org/kasa.tar.gz\""
        ),
        ("home: 1\nplugins:\n  kasa:\n    settings: 5", "4:15: \"settings\" must be a mapping, is the number 5"),
        (
            "home: 1\nplugins:\n  kasa:\n    absent: true\n    enabled: false",
            "5:14: \"enabled\" cannot go with \"absent: true\": what is not installed has nothing else"
        ),
        (
            "home: 1\nplugins:\n  kasa:\n    version: latest\n    pinned: true",
            "5:13: \"pinned\" cannot go with \"version: latest\", which replaces the version by itself"
        ),
        (
            "home: 1\nregistry: gopher://x/index.json",
            "2:11: \"registry\" must be a URL that begins with https://, or the path of an index, "
                + "is \"gopher://x/index.json\""
        ),
    ])
    func aMistakeIsNamedWithItsPlace(text: String, problem: String) {
        #expect(problems(of: text) == [problem])
    }

    @Test func allMistakesAreNamedAtOnce() throws {
        let text = """
            home: 3
            plugins:
              K:
                enabled: maybe
              kasa:
                verison: "1.0.0"
                pinned: 1
            """
        #expect(problems(of: text).map { $0.prefix { $0 != " " } } == ["1:7:", "3:3:", "4:14:", "6:5:", "7:13:"])
        let error = #expect(throws: HomeFileError.self) { try HomeFile(parsing: Array(text.utf8), file: "home.yaml") }
        #expect(error?.failure.code == .invalidSettings)
        #expect(error?.failure.message.hasPrefix("home.yaml:1:7: ") == true)
    }

    @Test func whatIsNoTextIsRefused() {
        #expect(throws: HomeFileError.self) { try HomeFile(parsing: [0xFF, 0xFE, 0x00], file: "home.yaml") }
        let long = Array("home: 1\n".utf8) + [UInt8](repeating: 0x23, count: 2 << 20)
        #expect(throws: HomeFileError.self) { try HomeFile(parsing: long, file: "home.yaml") }
    }

    /// Whatever the bytes are, there is an answer.
    @Test func mangledFilesAreRefusedOrRead() {
        let text = Array("home: 1\nplugins:\n  kasa: {version: \"1.0.0\", settings: {a: [1, {b: c}]}}\n".utf8)
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(state: seed)
        for _ in 0..<1_000 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = bytes.indices.randomElement(using: &random) ?? 0
                if Bool.random(using: &random) {
                    bytes[index] = UInt8.random(in: 9...255, using: &random)
                } else {
                    bytes.remove(at: index)
                }
            }
            do {
                let file = try HomeFile(parsing: bytes, file: "home.yaml")
                _ = file.planned(kasa())
                _ = file.ownedKeys
            } catch {
                #expect(!error.problems.isEmpty, "seed \(seed)")
            }
        }
    }
}
