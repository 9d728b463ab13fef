import HostAPI
import Testing

@testable import CommandLine

@Suite struct TableTests {
    private let table = Table(
        headers: ["ID", "STATE", "MESSAGE"],
        rows: [["kasa", Cell("● running", .good), ""], ["a-longer-one", "x", "a message of some length"]]
    )

    @Test func alignsColumnsWithTwoSpacesAndNoneAtTheEnd() {
        #expect(
            table.lines(width: nil, isColoured: false) == [
                "ID            STATE      MESSAGE",
                "kasa          ● running",
                "a-longer-one  x          a message of some length",
            ]
        )
    }

    @Test func cutsLinesToTheWidth() {
        #expect(
            table.lines(width: 32, isColoured: false) == [
                "ID            STATE      MESSAGE",
                "kasa          ● running",
                "a-longer-one  x          a mess…",
            ]
        )
    }

    @Test(arguments: 1...60) func neverExceedsTheWidth(width: Int) {
        for line in table.lines(width: width, isColoured: false) { #expect(displayWidth(line) <= width) }
    }

    @Test func coloursOnlyTheText() {
        #expect(table.lines(width: nil, isColoured: true)[1] == "kasa          \u{1B}[32m● running\u{1B}[0m")
    }

    @Test(arguments: [("abc", 3), ("ä", 1), ("e\u{301}", 1), ("漢字", 4), ("🏠", 2), ("●", 1), ("", 0)])
    func knowsHowWideTextIs(text: String, width: Int) {
        #expect(displayWidth(text) == width)
    }
}

/// What must never reach a terminal: C0, DEL, C1, and the controls of the bidirectional algorithm.
private let controls: [Unicode.Scalar] =
    [0...0x1F, 0x7F...0x9F, 0x61C...0x61C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069].joined()
    .compactMap { Unicode.Scalar($0) }

@Suite struct HarmlessTests {
    @Test(arguments: controls) func replacesControlsByASpace(control: Unicode.Scalar) {
        #expect(Cell("a\(control)b").text == "a b")
    }

    @Test(arguments: ["plain", "Küche", "👩\u{200D}🚒", "שלום", "a\u{AD}b", "\u{A0}", "e\u{301}"])
    func leavesTextAsItIs(text: String) {
        #expect(harmless(text) == text)
        #expect(escapingControls(text) == text)
    }

    @Test(arguments: controls, [OutputFormat.json, .yaml])
    func escapesControlsInDocuments(control: Unicode.Scalar, format: OutputFormat) throws {
        let value = JSONValue.object(["k\(control)": .string("a\(control)b")])
        let text = Output.printing(format) { $0.document(value) }
        #expect(!text.unicodeScalars.contains { $0.isTerminalControl && $0 != "\n" })
        if format == .json {
            #expect(try JSONValue(parsing: text)["k\(control)"] == .string("a\(control)b"))
        } else {
            // Double quotes with an escape that YAML has as well as JSON.
            #expect(text.contains("\"a\\"))
        }
    }

    @Test(arguments: controls) func printsOneValueHarmlesslyOnATerminalOnly(control: Unicode.Scalar) {
        let value = JSONValue.string("a\(control)b")
        #expect(Output.printing { $0.value(value) } == "a\(control)b\n")
        let shown = Output.printing(width: 80) { $0.value(value) }
        #expect(!shown.unicodeScalars.contains { $0.isTerminalControl && $0 != "\n" })
        let nested = Output.printing { $0.value(.array([value])) }
        #expect(!nested.unicodeScalars.contains { $0.isTerminalControl && $0 != "\n" })
    }
}

@Suite struct QuantityTests {
    @Test(arguments: [
        (-5, "0s"), (0, "0s"), (59, "59s"), (60, "1m"), (190, "3m10s"), (600, "10m"), (3_599, "59m"), (3_600, "1h"),
        (7_800, "2h10m"), (36_000, "10h"), (172_799, "47h"), (172_800, "2d"), (86_400 * 400, "400d"),
    ])
    func writesAges(seconds: Int, text: String) {
        #expect(Quantity.age(.seconds(seconds)) == text)
    }

    @Test(
        arguments: [
            (0, "0 B"), (1_023, "1023 B"), (1_024, "1 KiB"), (831_488, "812 KiB"), (1_572_864, "1.5 MiB"),
            (1_048_575, "1 MiB"), (1_073_741_824, "1 GiB"),
        ] as [(Int64, String)]
    )
    func writesSizes(bytes: Int64, text: String) {
        #expect(Quantity.bytes(bytes) == text)
    }

    @Test(arguments: [(230.0, "230"), (230.4567, "230.457"), (-0.5, "-0.5"), (1e300, "1e+300"), (0.0004, "0")])
    func writesNumbers(value: Double, text: String) {
        #expect(value.text(places: 3) == text)
    }

    @Test func writesReadings() {
        #expect(ReadingValue.number(230.5).text(unit: "V") == "230.5 V")
        #expect(ReadingValue.boolean(true).text() == "on")
        #expect(ReadingValue.unknown.text(unit: "V") == "unknown")
        #expect(Reading(time: .sample, value: .number(9), isAnomalous: true).cell(unit: "").text == "9 (implausible)")
    }
}

@Suite struct YAMLTests {
    @Test func writesBlocks() throws {
        let value = try JSONValue(
            parsing: #"{"a": [1, {"b": true, "c": [[], {}]}, [2, 3]], "d": {"e": null}, "f": 1.5, "g": "text here"}"#
        )
        #expect(
            value.yaml == """
                a:
                  - 1
                  - b: true
                    c:
                      - []
                      - {}
                  - - 2
                    - 3
                d:
                  e: null
                f: 1.5
                g: text here

                """
        )
    }

    @Test(arguments: [
        "", "yes", "No", "null", "1", "1e3", "- a", "a: b", "a #b", " a", "a ", "*a", "line\nbreak", "~", "0.1.0",
        "é\u{7}",
    ])
    func quotesWhatCouldBeTakenForSomethingElse(text: String) {
        #expect(JSONValue.string(text).yaml.hasPrefix("\""))
    }

    @Test(arguments: ["kasa", "turn-on", "Küche", "/var/lib/hearth", "crash-looping", "a b"])
    func leavesPlainWordsPlain(text: String) {
        #expect(JSONValue.string(text).yaml == text + "\n")
    }
}

@Suite struct OutputTests {
    private let plugins: [PluginSummary] = [.kasa, .hue]

    @Test func listsAsATable() {
        #expect(
            Output.printing { $0.list(plugins, empty: "") } == """
                ID    STATE      VERSION  UP  DEVICES  RESTARTS  MESSAGE
                kasa  ● running  1.0.0    3m  3        0
                hue   ✗ failed   0.9.0    -   0        2         hue.so: undefined symbol: foo

                """
        )
    }

    @Test func listsMoreWhenWide() {
        let text = Output.printing(.wide) { $0.list(plugins, empty: "") }
        #expect(text.hasPrefix("ID    NAME        STATE      OUTCOME        VERSION"))
        #expect(text.contains("dlopen-failed"))
        #expect(text.contains("4711"))
    }

    @Test func writesAbsoluteTimes() {
        let text = Output.printing(isAbsolute: true) { $0.list(plugins, empty: "") }
        #expect(text.contains("2026-03-01T09:27:00.250Z"))
    }

    @Test func listsAsVersionedJSON() throws {
        let value = try JSONValue(parsing: Output.printing(.json, isColoured: true) { $0.list(plugins, empty: "") })
        #expect(value["apiVersion"] == .string("hostctl/1"))
        #expect(value["items"]?.arrayValue?.compactMap { $0["id"]?.stringValue } == ["kasa", "hue"])
    }

    @Test func listsAsYAML() {
        let text = Output.printing(.yaml) { $0.list(plugins, empty: "") }
        #expect(text.hasPrefix("apiVersion: hostctl/1\nitems:\n  - devices: 3\n    id: kasa\n"))
    }

    @Test func listsNames() {
        #expect(Output.printing(.name) { $0.list(plugins, empty: "") } == "kasa\nhue\n")
    }

    @Test func printsAnEmptyListAsDataOnlyForPrograms() throws {
        let none: [PluginSummary] = []
        #expect(Output.printing(.table) { $0.list(none, empty: "None.") }.isEmpty)
        let value = try JSONValue(parsing: Output.printing(.json) { $0.list(none, empty: "None.") })
        #expect(value["items"] == .array([]))
    }

    @Test func printsStreamsAsOneObjectALine() throws {
        let event = Event(number: 7, time: .sample, kind: "host", message: "two\nlines")
        let text = Output.printing(.json) { output in
            for _ in 0..<2 { output.element(event, name: "7") { [] } }
        }
        let lines = text.split(separator: "\n")
        #expect(lines.count == 2)
        for line in lines { #expect(try JSONValue(parsing: line)["apiVersion"] == .string("hostctl/1")) }
    }

    @Test func describesWithFactsInColumns() {
        var description = Description()
        description.sentence("All is well.", .good)
        description.fact("name", "x")
        description.fact("empty", "")
        description.fact("longer", Cell("y", .bad))
        description.table("ROWS", Table(headers: ["A"], rows: [["1"]]))
        description.table("NONE", Table(headers: ["A"], rows: []))
        #expect(description.text(isColoured: false) == "All is well.\n\nname    x\nlonger  y\n\nROWS\n  A\n  1\n")
        #expect(description.text(isColoured: true).hasPrefix("\u{1B}[32mAll is well.\u{1B}[0m\n"))
    }

    @Test func showsAPluginWithASentenceFirst() throws {
        var detail = PluginDetail(summary: .hue)
        detail.commands = [
            CommandDescription(
                name: "pair",
                title: "Pair the bridge",
                arguments: try JSONValue(
                    parsing: #"{"properties": {"a": {"type": "text"}, "b": {}}, "required": ["a"]}"#
                )
            )
        ]
        detail.deaths = [WorkerDeath(time: .sample - .seconds(5), cause: "signal 11 (SIGSEGV)")]
        detail.droppedReadings = 4
        detail.permissions = try JSONValue(
            parsing: #"{"network": {"udp": [9999, 20002], "tcp": [9999]}, "paths": ["/etc/a", "/b"]}"#
        )
        detail.health = try JSONValue(parsing: #"{"devices": [{"name": "Hall\u009b", "online": true}], "known": 1}"#)
        let text = Output.printing { $0.item(detail, name: "hue") { detail.description($0) } }
        let lines = text.split(separator: "\n")
        #expect(
            lines[0] == "hue cannot run because its .so cannot be loaded (dlopen-failed): hue.so: undefined symbol: foo"
        )
        #expect(lines[1] == "`ldd` on the .so shows which library is missing.")
        #expect(text.contains("dropped      4 readings, 0 log lines\n"))
        #expect(text.contains("  pair     a=text [b=value]  Pair the bridge\n"))
        #expect(text.contains("  5s ago  signal 11 (SIGSEGV)\n"))
        #expect(text.contains("permissions  network: tcp 9999; udp 9999, 20002\n             paths: /etc/a, /b\n"))
        #expect(
            text.hasSuffix(
                """

                HEALTH
                  devices:
                    - name: "Hall\\u009B"
                      online: true
                  known: 1

                """
            )
        )
    }

    @Test func leavesOutWhatAPluginDoesNotSay() {
        let detail = PluginDetail(summary: .kasa, health: .object([:]))
        let text = Output.printing { $0.item(detail, name: "kasa") { detail.description($0) } }
        #expect(!text.contains("HEALTH"))
        #expect(text.contains("permissions  none\n"))
    }

    @Test(arguments: [
        (#"{}"#, []), (#"{"network": {"tcp": "any"}}"#, ["network: tcp any"]),
        (#"{"listen": [80, 443]}"#, ["listen: 80, 443"]),
        (#"{"read-series": ["*/*/power"]}"#, ["read-series: */*/power"]),
        (#"{"exec": {"b": {"path": "/bin/b", "memory_mb": 1}, "a": {}}}"#, ["exec: a, b (/bin/b)"]),
        (#"{"of-a-newer-host": {"x": {"y": 1}}, "flag": true}"#, ["flag: true", #"of-a-newer-host: x {"y":1}"#]),
    ])
    func writesPermissionsAsText(json: String, lines: [String]) throws {
        #expect(try JSONValue(parsing: json).permissionLines == lines)
    }
}
