import HostAPI
import Manifests
import Testing

@Suite struct ManifestTests {
    @Test func readsTheLeastThatAManifestCanBe() throws {
        let manifest = try Manifest(parsing: minimal(), file: "plugin.yaml")
        #expect(manifest.id == PluginID("kasa"))
        #expect(manifest.version.description == "1.2.3")
        #expect(manifest.entry == "kasa.so")
        #expect(manifest.abi == ABIVersion(major: 1, minor: 0))
        #expect(manifest.isolation == .worker)
        #expect(manifest.settings == .emptyObject)
        #expect(manifest.commands.isEmpty)
        #expect(manifest.permissions == Permissions())
        #expect(manifest.author == nil && manifest.homepage == nil)
    }

    @Test func readsCRLFAndAByteOrderMark() throws {
        let text = "\u{FEFF}" + minimal().split(separator: "\n").joined(separator: "\r\n") + "\r\n"
        #expect(try Manifest(parsing: text, file: "x") == Manifest(parsing: minimal(), file: "x"))
    }

    @Test(arguments: [
        ("", "1:1: the manifest must be a mapping, is empty"),
        ("# nothing\n", "1:1: the manifest must be a mapping, is empty"),
        ("null\n", "1:1: the manifest must be a mapping, is null"),
        ("[]\n", "1:1: the manifest must be a mapping, is a list"),
        ("hello\n", "1:1: the manifest must be a mapping, is \"hello\""),
        ("42\n", "1:1: the manifest must be a mapping, is the number 42"),
        ("true\n", "1:1: the manifest must be a mapping, is true"),
        (
            "id: [\n",
            "2:1: not valid YAML: did not find expected node content while parsing a flow node, which began in line 2"
        ),
    ])
    func refusesWhatIsNotAMapping(text: String, problem: String) {
        #expect(problems(of: text) == [problem])
    }

    @Test(arguments: ["manifest", "id", "name", "version", "description", "license", "entry", "abi"])
    func namesARequiredKeyThatIsMissing(key: String) {
        #expect(problems(of: minimal(without: key)) == ["1:1: \"\(key)\" is missing"])
    }

    /// One wrong line in the place of the right one, which is always line 9.
    @Test(
        arguments: [
            ("manifest: 2", "must be 1, is 2; a newer format needs a newer host"),
            ("manifest: \"1\"", "must be 1, is \"1\""),
            (
                "id: Kasa",
                "must be a lower-case letter, then 1 to 30 lower-case letters, digits or hyphens, is \"Kasa\""
            ),
            ("id: k", "must be a lower-case letter, then 1 to 30 lower-case letters, digits or hyphens, is \"k\""),
            (
                "id: ../etc",
                "must be a lower-case letter, then 1 to 30 lower-case letters, digits or hyphens, is \"../etc\""
            ),
            ("id: no", nil),
            ("id: 7", "must be text, is the number 7; put it in quotes"),
            ("id: true", "must be text, is true; put it in quotes"),
            ("id:", "must be text, is empty"),
            ("id: null", "must be text, is null"),
            ("id: [kasa]", "must be text, is a list"),
            ("id: {a: b}", "must be text, is a mapping"),
            ("name: \" \"", "must not be empty"),
            ("version: 1.2", "must be text, is the number 1.2; put it in quotes"),
            ("version: v1.2.3", "must be three numbers such as 1.2.3 or 1.2.3-beta.1, is \"v1.2.3\""),
            ("version: 1.02.3", "must be three numbers such as 1.2.3 or 1.2.3-beta.1, is \"1.02.3\""),
            ("version: 1.2.3-", "must be three numbers such as 1.2.3 or 1.2.3-beta.1, is \"1.2.3-\""),
            ("version: 1.2.3-rc.1", nil),
            (
                "entry: lib/kasa.so",
                "must be the name of a file beside the manifest that ends in .so, without a directory, is \"lib/kasa.so\""
            ),
            (
                "entry: kasa.dll",
                "must be the name of a file beside the manifest that ends in .so, without a directory, is \"kasa.dll\""
            ),
            (
                "entry: ..so",
                "must be the name of a file beside the manifest that ends in .so, without a directory, is \"..so\""
            ),
            (
                "entry: \"a\\0.so\"",
                "must be the name of a file beside the manifest that ends in .so, without a directory, is \"a\\u{0}.so\""
            ),
            ("abi: 1.0", "must be text, is the number 1.0; put it in quotes"),
            ("abi: \"1\"", "must be MAJOR.MINOR, such as \"1.0\", is \"1\""),
        ] as [(String, String?)]
    )
    func refusesAWrongValueOfARequiredKey(line: String, message: String?) throws {
        let key = String(try #require(line.split(separator: ":").first))
        let column = key.count + 3
        let found = problems(of: minimal(line, without: key))
        guard let message else {
            #expect(found == [])
            return
        }
        let isBlank = line.hasSuffix(":")
        // libyaml places a missing value right behind the colon.
        #expect(found == ["8:\(isBlank ? column - 1 : column): \"\(key)\" \(message)"])
    }

    @Test(
        arguments: [
            ("verison: 1.0.0", "9:1: unknown key \"verison\""),
            ("athor: me", "9:1: unknown key \"athor\" (did you mean \"author\"?)"),
            ("permission: {}", "9:1: unknown key \"permission\" (did you mean \"permissions\"?)"),
            ("colour: red", "9:1: unknown key \"colour\""),
            ("author: 5", "9:9: \"author\" must be text, is the number 5; put it in quotes"),
            (
                "homepage: example.org",
                "9:11: \"homepage\" must be a URL that begins with https:// or http://, is \"example.org\""
            ),
            ("homepage: https://example.org/kasa", nil),
            (
                "isolation: wroker",
                "9:12: \"isolation\" must be worker or host, is \"wroker\" (did you mean \"worker\"?)"
            ),
            ("isolation: host", nil),
            ("name: twice", "9:1: the key \"name\" is already in line 3"),
            ("author: *me", "9:9: aliases (*name) are not supported; write the value out"),
            ("commands: {}", "9:11: \"commands\" must be a list, is a mapping"),
            ("commands: [turn-on]", "9:12: an item of \"commands\" must be a mapping, is \"turn-on\""),
            ("commands: [{title: T}]", "9:12: \"name\" is missing in an item of \"commands\""),
            (
                "commands: [{name: a, title: T}, {name: a, title: U}]",
                "9:40: \"name\" \"a\" is taken by a command above"
            ),
            (
                "commands: [{name: Turn_On, title: T}]",
                "9:19: \"name\" must be a lower-case letter, then at most 63 lower-case letters, digits or hyphens, is \"Turn_On\""
            ),
            (
                "commands: [{name: a, title: T, arguments: {type: string}}]",
                "9:43: \"arguments\" must have the type object, has string"
            ),
            ("commands: [{name: a, title: T, titel: T}]", "9:32: unknown key \"titel\""),
            (
                "commands: [{name: a, title: T, descripton: T}]",
                "9:32: unknown key \"descripton\" (did you mean \"description\"?)"
            ),
            (
                "settings: {type: array, items: {type: string}}",
                "9:11: \"settings\" must have the type object, has array"
            ),
            (
                "permissions: {network: {tcp: 80}}",
                "9:30: \"tcp\" must be a list of ports or the word any, is the number 80"
            ),
            (
                "permissions: {network: {tcp: [0]}}",
                "9:31: an item of \"tcp\" must be a port from 1 to 65535, is the number 0"
            ),
            (
                "permissions: {network: {udp: [http]}}",
                "9:31: an item of \"udp\" must be a port from 1 to 65535, is \"http\""
            ),
            ("permissions: {newtork: {}}", "9:15: unknown key \"newtork\" (did you mean \"network\"?)"),
            (
                "permissions: {listen: [70000]}",
                "9:24: an item of \"listen\" must be a port from 1 to 65535, is the number 70000"
            ),
            (
                "permissions: {read-series: [kasa/x]}",
                "9:29: an item of \"read-series\" must be plugin/device/entity, each part a name or *, is \"kasa/x\""
            ),
            (
                "permissions: {command-devices: [\"Kasa/*\"]}",
                "9:33: an item of \"command-devices\" must be plugin/device, each part a name or *, is \"Kasa/*\""
            ),
            (
                "permissions: {paths: [etc]}",
                "9:23: an item of \"paths\" must be an absolute path without . or .., is \"etc\""
            ),
            (
                "permissions: {paths: [/a/../b]}",
                "9:23: an item of \"paths\" must be an absolute path without . or .., is \"/a/../b\""
            ),
            (
                "permissions: {exec: {A: {path: /bin/x}}}",
                "9:22: \"A\" must be a lower-case letter, then at most 63 lower-case letters, digits or hyphens"
            ),
            (
                "permissions: {exec: {a: {path: x}}}",
                "9:32: \"path\" must be an absolute path without . or .., is \"x\""
            ),
            ("permissions: {exec: {a: {}}}", "9:25: \"path\" is missing in \"a\""),
        ] as [(String, String?)]
    )
    func judgesAnOptionalKey(line: String, problem: String?) {
        let expected = problem.map { [$0] } ?? []
        // "version" is there already, so that a misspelt second one is not taken for it.
        #expect(problems(of: minimal(line)) == expected)
    }

    @Test func suggestsTheKeyThatIsMisspelt() {
        #expect(
            problems(of: minimal("verison: 1.2.3\n", without: "version")) == [
                "1:1: \"version\" is missing",
                "8:1: unknown key \"verison\" (did you mean \"version\"?)",
            ]
        )
    }

    @Test func tellsEverythingAtOnceInTheOrderOfTheFile() throws {
        let text = """
            manifest: 1
            id: K
            nmae: x
            version: one
            description: d
            license: MIT
            entry: a/b.so
            abi: "1.0"
            isolation: no
            """
        let error = #expect(throws: ManifestError.self) { try Manifest(parsing: text, file: "plugin.yaml") }
        let problems = try #require(error).problems
        #expect(problems.map(\.line) == [1, 2, 3, 4, 7, 9])
        #expect(problems.map(\.path) == ["/name", "/id", "/nmae", "/version", "/entry", "/isolation"])
        #expect(problems[2].suggestion == "name")
        #expect(error?.description.hasPrefix("plugin.yaml:1:1: \"name\" is missing\nplugin.yaml:2:5: ") == true)
    }

    @Test func refusesMoreItemsThanAnyManifestHas() {
        let keys = (0..<100_000).map { "k\($0): 1\n" }.joined()
        #expect(problems(of: keys) == ["1:1: the manifest must have at most 1000 items, has 100000"])
        let ports = "permissions: {listen: [" + Array(repeating: "1", count: 1_001).joined(separator: ", ") + "]}"
        #expect(problems(of: minimal(ports)) == ["9:23: \"listen\" must have at most 1000 items, has 1001"])
    }

    @Test func readsPermissions() throws {
        let more = """
            permissions:
              network: {tcp: [9999, 80, 80], udp: any}
              listen: [8080]
              read-series: ["kasa/*/power", "*/*/*"]
              command-devices: [kasa/heater]
              paths: [/dev/ttyUSB0]
            """
        let permissions = try Manifest(parsing: minimal(more), file: "x").permissions
        #expect(permissions.tcp == .ports([80, 9999]))
        #expect(permissions.udp == .any)
        #expect(permissions.tcp.allows(80) && !permissions.tcp.allows(81) && permissions.udp.allows(81))
        #expect(permissions.listen == [8080])
        #expect(permissions.readSeries.map(\.description) == ["kasa/*/power", "*/*/*"])
        #expect(permissions.readSeries[0].matches("kasa", "x", "power"))
        #expect(!permissions.readSeries[0].matches("hue", "x", "power"))
        #expect(!permissions.readSeries[0].matches("kasa", "x"))
        #expect(permissions.commandDevices[0].matches("kasa", "heater"))
        #expect(permissions.paths == ["/dev/ttyUSB0"])
        #expect(
            permissions.jsonValue.text == #"{"command-devices":["kasa/heater"],"listen":[8080],"#
                + #""network":{"tcp":[80,9999],"udp":"any"},"paths":["/dev/ttyUSB0"],"#
                + #""read-series":["kasa/*/power","*/*/*"]}"#
        )
        let quoted = minimal("permissions: {network: {tcp: [\"any\"]}}")
        #expect(try Manifest(parsing: quoted, file: "x").permissions.tcp == .any)
    }

    @Test func aPatternCoversWhatIsNarrower() throws {
        let wide = try #require(NamePattern.series("kasa/*/*"))
        let narrow = try #require(NamePattern.series("kasa/heater/power"))
        #expect(wide.covers(narrow) && !narrow.covers(wide) && wide.covers(wide))
        #expect(NamePattern.series("kasa/he ater/power") == nil)
        #expect(NamePattern.device("a/b/c") == nil)
    }

    @Test(arguments: [
        ("1.0.0", "1.0.1"), ("1.9.0", "1.10.0"), ("1.0.0-alpha", "1.0.0"), ("1.0.0-alpha", "1.0.0-alpha.1"),
        ("1.0.0-alpha.1", "1.0.0-alpha.beta"), ("1.0.0-beta.2", "1.0.0-beta.11"), ("1.0.0-rc.1", "1.0.0"),
        ("1.0.0", "2.0.0-rc.1"),
    ])
    func ordersVersions(less: String, more: String) throws {
        let (less, more) = (try #require(PluginVersion(less)), try #require(PluginVersion(more)))
        #expect(less < more && !(more < less) && less != more)
        #expect(PluginVersion(more.description) == more)
    }
}
