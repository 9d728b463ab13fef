import HostAPI
import Testing

@testable import CommandLine

@Suite struct PluginWordsTests {
    private static let states: [PluginState] = [
        .starting, .running, .degraded, .auth, .stopping, .stopped, .backingOff, .crashLooping, .failed, .quarantined,
        .disabled, .installing, .needsConsent, .needsHostRestart, PluginState(rawValue: "of-a-newer-host"),
    ]
    private static let badOutcomes: [LoadOutcome] = [
        .fileMissing, .hashMismatch, .dlopenFailed, .entryMissing, .abiUnsupported, .needsNewerHost, .probeCrashed,
        .probeTimeout, .startFailed, .badManifest,
    ]

    @Test(arguments: states) func writesEveryStateAsSymbolAndText(state: PluginState) {
        #expect(state.cell.text.hasSuffix(" " + state.rawValue))
        #expect(state.cell.text.count > state.rawValue.count + 1)
    }

    @Test(arguments: states) func saysOfEveryStateWhatTheHostSays(state: PluginState) {
        let summary = PluginSummary(id: "kasa", name: "", version: "1", state: state, message: "because")
        let sentence = summary.sentence(Moments(now: .sample))
        #expect(sentence.hasPrefix("kasa "))
        #expect(sentence.hasSuffix(": because"))
    }

    @Test func endsASentenceWithOnePeriod() {
        let summary = PluginSummary(id: "kasa", name: "", version: "1", state: .auth, message: "Wrong. Type again.")
        let said = PluginAction.start.report(summary, Moments(now: .sample))
        #expect(said.hasPrefix("kasa waits for new credentials: Wrong. Type again. Set the new"))
    }

    @Test(arguments: states.filter { ![.starting, .running, .stopping].contains($0) }.dropLast())
    func advisesWhereThereIsSomethingToDo(state: PluginState) {
        let summary = PluginSummary(id: "kasa", name: "", version: "1", state: state)
        #expect(summary.advice?.contains("kasa") == true)
    }

    @Test(arguments: badOutcomes) func explainsEveryOutcome(outcome: LoadOutcome) {
        let summary = PluginSummary(id: "kasa", name: "", version: "1", state: .failed, outcome: outcome)
        #expect(summary.sentence(Moments(now: .sample)).contains(" because "))
        #expect(summary.sentence(Moments(now: .sample)).contains("(\(outcome.rawValue))"))
        #expect(outcome.advice("kasa") != nil)
    }
}

@Suite struct AfterwardsTests {
    @Test(
        arguments: [
            (nil, "install it again: hostctl install FILE"),
            (("drop-in", .quarantined), "To try it: hostctl start kasa"),
            (("file", .failed), "To try it: hostctl start kasa"),
            (("file", .disabled), "To try it: hostctl enable kasa"),
            // A copy in plugins.d that is not installed yet, and one that was installed meanwhile.
            (("", .quarantined), "It is tried again by itself."),
            (("drop-in", .running), "It is tried again by itself."),
        ] as [((String, PluginState)?, String)]
    )
    func saysHowLiftedCodeIsTried(_ plugin: (origin: String, state: PluginState)?, _ words: String) {
        let entry = QuarantineEntry(hash: "0123456789abcdef", plugin: "kasa", reason: "It crashed.", since: .sample)
        let summary = plugin.map {
            PluginSummary(id: "kasa", name: "", version: "1", state: $0.state, origin: $0.origin)
        }
        #expect(entry.advice(summary).contains(words))
    }

    @Test func leavesTheWayBackFromAnUninstallationToTheHost() {
        var change = Change.upgrade(.done, message: "kasa was uninstalled; `hostctl install kasa` brings it back")
        #expect(change.conclusion(with: change.advice).hasSuffix("brings it back. To go back: hostctl rollback kasa"))
        change.kind = .uninstall
        #expect(change.conclusion(with: change.advice).hasSuffix("; `hostctl install kasa` brings it back."))
    }
}

@Suite struct NearestTests {
    @Test(arguments: [
        ("lst", "list"), ("satus", "status"), ("stpo", "stop"), ("device", "devices"), ("setings", "settings"),
    ])
    func findsWhatWasMeant(typed: String, meant: String) {
        #expect(
            Suggestion.nearest(to: typed, among: ["list", "status", "stop", "devices", "settings", "top"]) == meant
        )
    }

    @Test func doesNotGuessWildly() {
        #expect(Suggestion.nearest(to: "frobnicate", among: ["list", "status"]) == nil)
        #expect(Suggestion.nearest(to: "x", among: []) == nil)
    }

    @Test(arguments: [("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3)])
    func measuresDistance(left: String, right: String, distance: Int) {
        #expect(Suggestion.distance(left, right) == distance)
        #expect(Suggestion.distance(right, left) == distance)
    }
}

@Suite struct MomentTests {
    @Test(arguments: [
        ("500ms", 500), ("90s", 90_000), ("10m", 600_000), ("2h", 7_200_000), ("7d", 604_800_000), ("1h30m", 5_400_000),
    ])
    func understandsDurations(text: String, milliseconds: Int) {
        #expect(Duration(typed: text) == .milliseconds(milliseconds))
    }

    @Test(arguments: ["", "10", "m", "10x", "-5m", "1.5h", "10 m", "9999999999s", "40000d", "5M"])
    func refusesWhatIsNoDuration(text: String) {
        #expect(Duration(typed: text) == nil)
    }

    @Test func understandsAgesAndTimes() throws {
        #expect(try Moment(argument: "10m").timestamp(now: .sample) == .sample - .seconds(600))
        #expect(try Moment(argument: "2026-03-01T09:30:00.250Z").timestamp(now: .now) == .sample)
        #expect(try Moment(argument: "2026-03-01T10:30:00+01:00") == .at(.sample - .milliseconds(250)))
        #expect(throws: (any Error).self) { try Moment(argument: "yesterday") }
    }
}

@Suite struct KeyValuesTests {
    @Test(
        arguments: [
            ("a=40", .integer(40)), ("a=1.5", .number(1.5)), ("a=true", .bool(true)), ("a=null", .null),
            ("a=on", .string("on")),
            ("a=", .string("")), (#"a="40""#, .string("40")), ("a=[1]", .array([.integer(1)])),
            ("a=b=c", .string("b=c")),
            ("a={bad", .string("{bad")), ("a=007", .string("007")),
        ] as [(String, JSONValue)]
    )
    func takesJSONAsSuchAndAllElseAsText(pair: String, value: JSONValue) throws {
        #expect(try KeyValues([pair]).members == ["a": value])
    }

    @Test func putsPairsOnTopOfAnObject() throws {
        let both = try KeyValues(["a=2"], onTopOf: #"{"a": 1, "b": 1}"#)
        #expect(both.members == ["a": .integer(2), "b": .integer(1)])
    }

    @Test(arguments: [["a"], ["=1"], [""], ["a=1", "a=2"]])
    func refusesWhatIsNoPair(pairs: [String]) {
        let failure = #expect(throws: Failure.self) { try KeyValues(pairs) }
        #expect(failure?.code == .invalidArgument)
    }

    @Test(arguments: ["", "[1]", "{", "1"]) func refusesArgumentsThatAreNoObject(json: String) {
        #expect(throws: Failure.self) { try KeyValues([], onTopOf: json) }
    }
}

@Suite struct SettingsPathTests {
    private let document = try? JSONValue(
        parsing: #"{"poll": {"interval": 5}, "hosts": ["a", "b"], "a.b": 1, "x/y": 2}"#
    )

    @Test(arguments: [("poll.interval", 5), ("/poll/interval", 5), ("/a.b", 1), ("/x~1y", 2)] as [(String, Int64)])
    func findsValues(path: String, value: Int64) throws {
        #expect(try SettingsPath(path).value(in: try #require(document)) == .integer(value))
    }

    @Test func findsElementsOfArrays() throws {
        #expect(try SettingsPath("hosts.1").value(in: try #require(document)) == .string("b"))
        #expect(throws: Failure.self) { try SettingsPath("hosts.2").value(in: document ?? .null) }
    }

    @Test func suggestsWhatWasMeant() throws {
        let failure = #expect(throws: Failure.self) { try SettingsPath("poll.intervall").value(in: document ?? .null) }
        #expect(failure?.code == .notFound)
        #expect(failure?.hint == "Did you mean \"interval\"?")
    }

    @Test func setsAndMakesWhatIsMissing() throws {
        var document = JSONValue.object([:])
        try SettingsPath("a.b.c").set(.integer(1), in: &document)
        try SettingsPath("/a/d~0").set(.string("x"), in: &document)
        #expect(document.text == #"{"a":{"b":{"c":1},"d~":"x"}}"#)
    }

    @Test func setsAndAppendsInArrays() throws {
        var document = try JSONValue(parsing: #"{"a": [1, 2]}"#)
        try SettingsPath("a.0").set(.integer(9), in: &document)
        try SettingsPath("/a/-").set(.integer(3), in: &document)
        #expect(document.text == #"{"a":[9,2,3]}"#)
        #expect(throws: Failure.self) { try SettingsPath("a.7").set(.null, in: &document) }
    }

    @Test func doesNotReplaceAValueByAnObject() throws {
        var document = try JSONValue(parsing: #"{"a": 1}"#)
        let failure = #expect(throws: Failure.self) { try SettingsPath("a.b").set(.null, in: &document) }
        #expect(failure?.message == "/a is an integer: there is no place for /a/b.")
        #expect(document.text == #"{"a":1}"#)
    }

    @Test(arguments: [
        ("poll.interval", #"{"a.b":1,"hosts":["a","b"],"poll":{},"x/y":2}"#),
        ("hosts.0", #"{"a.b":1,"hosts":["b"],"poll":{"interval":5},"x/y":2}"#),
        ("nothing.there", #"{"a.b":1,"hosts":["a","b"],"poll":{"interval":5},"x/y":2}"#),
    ])
    func removes(path: String, left: String) throws {
        var document = try #require(document)
        let isThere = try SettingsPath(path).remove(from: &document)
        #expect(document.text == left)
        #expect(isThere == (path != "nothing.there"))
    }

    @Test(arguments: ["", ".", "a..b", "a."]) func refusesWhatIsNoPath(text: String) {
        #expect(throws: Failure.self) { try SettingsPath(text) }
    }

    @Test func namesAllLeaves() throws {
        let leaves = SettingsPath.leaves(of: try #require(document)).map(\.description)
        #expect(leaves == ["/a.b", "/hosts/0", "/hosts/1", "/poll/interval", "/x~1y"])
    }
}
