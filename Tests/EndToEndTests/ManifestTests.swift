import HostAPI
import TestSupport
import Testing

/// Packages that cannot be used: each is listed with its place and reason, and the others run.
@Suite(.hostLogOnFailure)
struct ManifestTests {
    /// A mistake, and what the list says about it.
    private static let mistakes: [(directory: String, manifest: String?, sentence: String)] = [
        ("misspelt", HostFixture.manifest("misspelt").replacing("version:", "verison:"), "did you mean \"version\"?"),
        ("no-manifest", nil, "no-manifest is not whole: plugin.yaml is not there"),
        ("bad-id", HostFixture.manifest("Bad Id"), "plugin.yaml:2:5"),
        ("syntax", "manifest: 1\nid: [syntax\n", "plugin.yaml:"),
        ("twice", HostFixture.manifest("twice", "name: again"), "plugin.yaml:9:1"),
        ("anchor", HostFixture.manifest("anchor", "author: &me Ada"), "plugin.yaml:9:"),
        ("bad-version", HostFixture.manifest("bad-version").replacing("1.0.0", "one"), "plugin.yaml:4:10"),
        ("outside", HostFixture.manifest("outside").replacing("outside.so", "../x.so"), "plugin.yaml:7:8"),
        ("wrong-type", HostFixture.manifest("wrong-type", "permissions:\n  listen: [70000]"), "plugin.yaml:10:12"),
        ("schema", HostFixture.manifest("schema", "settings: {type: object, propertis: {}}"), "\"properties\""),
        ("empty", "", "plugin.yaml"),
    ]

    @Test
    func everyMistakeIsListedWithItsPlaceAndTheOthersRun() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            for mistake in Self.mistakes { try host.install(mistake.directory, code: nil, manifest: mistake.manifest) }
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            let list = try #require(try await host.json("list")["items"]?.arrayValue)
            #expect(list.count == Self.mistakes.count + 1)
            for mistake in Self.mistakes {
                let item = try #require(list.first { $0["id"]?.stringValue == mistake.directory })
                #expect(item["state"] == .string("failed"), "\(mistake.directory)")
                #expect(item["outcome"] == .string("bad-manifest"), "\(mistake.directory)")
                let message = item["message"]?.stringValue ?? ""
                #expect(message.contains(mistake.sentence), "\(mistake.directory): \(message)")
            }
            let shown = try await host.hostctl("show", "misspelt")
            #expect(shown.status == 0)
            #expect(shown.output.contains("plugin.yaml:4:1"))
            #expect(shown.output.contains("did you mean \"version\"?"))
        }
    }

    @Test
    func ofTwoPackagesWithOneIdTheFirstIsUsedAndTheOtherIsNamed() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try host.install(
                "z-copy",
                code: try await FixturePlugins.sharedObject(of: "well-behaved"),
                manifest: HostFixture.manifest("well-behaved", "author: Ada")
                    .replacing(": well-behaved.so", ": z-copy.so")
            )
            try await host.start(waitsForDropIns: false)
            try await host.waitFor("well-behaved", .running)
            try await eventually("the other copy is named") {
                let alerts = try await host.hostctl("alerts", "-o", "wide").output
                return alerts.contains("plugins.d/z-copy is not used")
                    && alerts.contains("plugins.d/well-behaved holds well-behaved 1.0.0, which is used")
            }
        }
    }

    @Test
    func aMendedPackageIsInstalledByItself() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved", "colour: green")
            try await host.start()
            try await host.waitFor("well-behaved", .failed)
            #expect(try await host.hostctl("start", "well-behaved").status == 1)
            try await host.install("well-behaved")
            try await host.waitFor("well-behaved", .running)
        }
    }
}

extension String {
    /// The text with one word in place of another.
    fileprivate func replacing(_ word: String, _ other: String) -> String {
        let parts = split(separator: word, omittingEmptySubsequences: false)
        return parts.joined(separator: other)
    }
}
