import HostAPI
import Testing

@testable import CommandLine

/// Whole runs of `hostctl`, against a real server on a socket.
@Suite(.timeLimit(.minutes(5))) struct CommandTests {
    @Test func listsPlugins() async throws {
        try await TinyServer.with { _ in
            .json(200, "[\(String(json: PluginSummary.hue))]")
        } _: { server in
            let ran = await hostctl("--root", server.root, "list")
            #expect(
                ran.data == """
                    ID   STATE     VERSION  UP  DEVICES  RESTARTS  MESSAGE
                    hue  ✗ failed  0.9.0    -   0        2         hue.so: undefined symbol: foo

                    """
            )
            #expect(ran.messages.isEmpty)
            #expect(ran.status == 0)
        }
    }

    @Test(arguments: [
        ["-o", "name", "--root", "R", "list"], ["list", "--root", "R", "-o", "name"], ["--root=R", "list", "-oname"],
    ])
    func takesGlobalOptionsBeforeAndAfterTheCommand(arguments: [String]) async throws {
        try await TinyServer.with { _ in
            .json(200, "[\(String(json: PluginSummary.hue))]")
        } _: { server in
            let arguments = arguments.map { $0.replacing("R", with: server.root) }
            let ran = await hostctl(arguments)
            #expect(ran == Ran(status: 0, data: "hue\n", messages: ""))
        }
    }

    @Test(
        arguments: [
            (Failure.Code.noSuchPlugin, 4), (.noSuchDevice, 4), (.notRunning, 3), (.timedOut, 5), (.unreachable, 6),
            (.busy, 10),
            (.conflict, 10), (.refused, 1), (.registryUnreachable, 1), (.invalidArgument, 64), (.denied, 77),
            (.invalidSettings, 78), (.internalError, 1),
            (.commandFailed, 1), (Failure.Code(rawValue: "new"), 1),
        ] as [(Failure.Code, Int32)]
    )
    func exitsWithTheStatusOfTheFailure(code: Failure.Code, status: Int32) async throws {
        let failure = Failure(code, "It is so.\nAnd so.", hint: "Do this.")
        try await TinyServer.with { _ in
            .json(code.httpStatus, String(json: failure))
        } _: { server in
            let ran = await hostctl("show", "kasa", "--root", server.root)
            #expect(ran == Ran(status: status, data: "", messages: "hostctl: It is so.\n  And so.\n  Do this.\n"))
        }
    }

    @Test func exitsWith6WithoutAHost() async throws {
        let root = try makeScratchDirectory()
        defer { removeScratch(root) }
        let named = await hostctl("list", "--root", root)
        #expect(named.status == 6)
        #expect(named.messages.contains(root + "/run/hostd.sock"))
        let fromEnvironment = await hostctl("list", environment: ["HEARTH_ROOT": root])
        #expect(fromEnvironment == named)
    }

    @Test func listsTheExitCodes() async {
        let ran = await hostctl("help", "exit-codes")
        for status in ExitStatus.allCases { #expect(ran.data.contains(status.meaning)) }
        #expect(ran.data.contains("\n64    wrong usage\n"))
        #expect(ran.status == 0)
    }

    @Test(arguments: [["help"], ["--help"], ["help", "call"], ["call", "-h"], [], ["settings"]])
    func printsHelpAsData(arguments: [String]) async {
        let ran = await hostctl(arguments)
        #expect(ran.data.contains("USAGE: hostctl"))
        #expect(ran.messages.isEmpty)
        #expect(ran.status == 0)
    }

    @Test(arguments: [["version"], ["--version"], ["version", "-q"]]) func printsItsVersion(arguments: [String]) async {
        let ran = await hostctl(arguments)
        #expect(ran.data.contains(hearthVersion))
        #expect(ran.status == 0)
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func printsCompletionScripts(shell: String) async {
        let ran = await hostctl("completion", shell)
        #expect(ran.data.contains("hostctl"))
        #expect(ran.data.contains("quarantine"))
        #expect(ran.status == 0)
    }

    @Test func coloursOnlyOnATerminalThatWantsThem() async throws {
        try await TinyServer.with { _ in
            .json(200, "[\(String(json: PluginSummary.hue))]")
        } _: { server in
            func isColoured(_ arguments: String..., environment: [String: String] = [:], width: Int? = 80) async -> Bool
            {
                let all = ["list", "--root", server.root] + arguments
                return await hostctl(all, environment: environment, terminalWidth: width).data.contains("\u{1B}")
            }
            #expect(await isColoured())
            #expect(await !isColoured(width: nil))
            #expect(await !isColoured("--no-color"))
            #expect(await !isColoured(environment: ["NO_COLOR": "1"]))
            #expect(await !isColoured(environment: ["TERM": "dumb"]))
            #expect(await !isColoured("-o", "json"))
        }
    }

    @Test func cutsTablesToTheTerminal() async throws {
        try await TinyServer.with { _ in
            .json(200, "[\(String(json: PluginSummary.hue))]")
        } _: { server in
            let ran = await hostctl("list", "--root", server.root, "--no-color", terminalWidth: 20)
            #expect(ran.data == "ID   STATE     VERS…\nhue  ✗ failed  0.9.0\n")
        }
    }

    @Test func saysWhatIsAskedWhenVerbose() async throws {
        try await TinyServer.with { _ in
            .json(200, "[]")
        } _: { server in
            let ran = await hostctl("alerts", "-v", "--root", server.root)
            #expect(ran.messages.contains("GET /v1/alerts 200 "))
            #expect(ran.messages.contains("No open alerts."))
            let quiet = await hostctl("alerts", "-q", "--root", server.root)
            #expect(quiet == Ran(status: 0, data: "", messages: ""))
        }
    }

    @Test func givesCommandsToDevices() async throws {
        let answer = #"{"message": "switched on", "milliseconds": 12.34, "result": {"on": true}}"#
        try await TinyServer.with { _ in
            .json(200, answer)
        } _: { server in
            let ran = await hostctl(
                "call",
                "kasa/Desk lamp/2",
                "set",
                "level=40",
                "name=x",
                "--timeout",
                "2s",
                "--root",
                server.root
            )
            #expect(ran == Ran(status: 0, data: "\"on\": true\n", messages: "set: switched on (12.3 ms)\n"))
            let sent = try JSONValue(parsing: try #require(server.requests.first).body)
            #expect(
                sent.text
                    == #"{"arguments":{"level":40,"name":"x"},"command":"set","device":"Desk lamp/2","plugin":"kasa","timeoutMilliseconds":2000}"#
            )
        }
    }

    @Test func goesOnWithOtherPluginsWhenOneFails() async throws {
        try await TinyServer.with { request in
            request.target == "/v1/plugins/kasa/stop"
                ? .json(200, String(json: PluginSummary(id: "kasa", name: "", version: "1", state: .stopped)))
                : .json(409, #"{"code": "not-running", "message": "hue does not run."}"#)
        } _: { server in
            let ran = await hostctl("stop", "hue", "kasa", "--root", server.root)
            #expect(server.requests.count == 2)
            #expect(ran.messages.contains("kasa is stopped. It starts again with: hostctl start kasa\n"))
            #expect(ran.messages.contains("hostctl: hue does not run.\n"))
            #expect(ran.status == 3)
            let names = await hostctl("stop", "hue", "kasa", "-o", "name", "--root", server.root)
            #expect(names.data == "kasa\n")
        }
    }

    @Test func printsRememberedEventsAndEnds() async throws {
        let events = (1...3).map { Event(number: $0, time: .sample, kind: "host", plugin: "kasa", message: "e\($0)") }
        let status = HostStatus(
            version: "1",
            processID: 1,
            root: "/",
            startedAt: .sample,
            health: "ok",
            summary: "All is well.",
            pluginsByState: [:],
            devices: 0,
            devicesOffline: 0,
            openAlerts: 0,
            readingsStored: 0,
            readingsDropped: 0,
            lastEvent: 2
        )
        try await TinyServer.with { request in
            request.target == "/v1/status"
                ? .json(200, String(json: status))
                : .endlessStream(events.map { "id: \($0.number)\ndata: \(String(json: $0))\n\n" })
        } _: { server in
            let ran = await hostctl("events", "--root", server.root)
            #expect(
                ran.data == """
                    2026-03-01T09:30:00.250Z  host  kasa  e1
                    2026-03-01T09:30:00.250Z  host  kasa  e2

                    """
            )
            #expect(ran.status == 0)
            await server.clientHungUp()
        }
    }

    @Test func saysThatTheHostHasGoneWhenAFollowedStreamEnds() async throws {
        let line = LogLine(
            time: .sample,
            plugin: "kasa",
            level: .warning,
            source: "stderr",
            message: "hot\u{1B}[2J",
            fields: .object(["plug": .string("a b"), "n": .integer(1)])
        )
        try await TinyServer.with { _ in
            .stream(["data: \(String(json: line))\n\n"])
        } _: { server in
            let ran = await hostctl("logs", "kasa", "-f", "--root", server.root)
            #expect(ran.data == "2026-03-01T09:30:00.250Z  warning   [stderr]  hot [2J  n=1 plug=a b\n")
            #expect(ran.status == 6)
        }
    }

    @Test func printsReadings() async throws {
        let page = ReadingsPage(
            series: SeriesName(plugin: "kasa", device: "d", entity: "power"),
            unit: "W",
            readings: [
                Reading(time: .sample, value: .number(4.25)), Reading(time: .sample + .seconds(1), value: .unknown),
            ],
            isTruncated: true
        )
        try await TinyServer.with { _ in
            .json(200, String(json: page))
        } _: { server in
            let ran = await hostctl("readings", "kasa/d/power", "-n2", "--abs-time", "--root", server.root)
            #expect(
                ran.data == """
                    TIME                      VALUE
                    2026-03-01T09:30:00.250Z  4.25 W
                    2026-03-01T09:30:01.250Z  unknown

                    """
            )
            #expect(ran.messages.contains("there are more"))
            #expect(server.requests.first?.target == "/v1/readings?series=kasa%2Fd%2Fpower&limit=2")
            let json = try JSONValue(
                parsing: await hostctl("readings", "kasa/d/power", "-ojson", "--root", server.root).data
            )
            #expect(json["items"]?.arrayValue?.count == 2)
            #expect(json["unit"] == .string("W"))
        }
    }

    @Test func computesShares() {
        func usage(_ process: Int32, _ milliseconds: Int64) -> ResourceUsage {
            ResourceUsage(
                name: "p\(process)",
                processID: process,
                privateBytes: 0,
                proportionalBytes: 0,
                threads: 1,
                descriptors: 1,
                cpuMilliseconds: milliseconds,
                restarts: 0
            )
        }
        let costs = Cost.between([usage(1, 100), usage(2, 5)], [usage(1, 350), usage(3, 9)], elapsed: .seconds(2))
        #expect(costs.map(\.cpuPercent) == [12.5, nil])
    }
}
