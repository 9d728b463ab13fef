import HostAPI
import TestSupport
import Testing

/// Plugins that break every promise: each is one named outcome and a sentence, and the others run on.
@Suite(.hostLogOnFailure)
struct MisbehaviourTests {
    struct Expectation {
        let id: String
        let state: String
        let outcome: String
        let sentence: String
    }

    private static let expectations = [
        Expectation(id: "no-entry", state: "failed", outcome: "entry-missing", sentence: "hearth_plugin_entry"),
        Expectation(id: "null-entry", state: "failed", outcome: "start-failed", sentence: "returned NULL"),
        Expectation(id: "other-abi", state: "failed", outcome: "abi-unsupported", sentence: "PluginAPI 99"),
        Expectation(id: "newer-host", state: "failed", outcome: "needs-newer-host", sentence: "upgrade the host"),
        Expectation(id: "wrong-id", state: "failed", outcome: "start-failed", sentence: "someone-else"),
        Expectation(id: "text-file", state: "failed", outcome: "dlopen-failed", sentence: "is not an ELF file"),
        Expectation(id: "no-file", state: "failed", outcome: "file-missing", sentence: "no-file.so"),
        Expectation(id: "crashes-in-probe", state: "quarantined", outcome: "quarantined", sentence: "SIGSEGV"),
        Expectation(id: "hangs-in-probe", state: "quarantined", outcome: "quarantined", sentence: "within 5 s"),
        Expectation(id: "exits", state: "crash-looping", outcome: "ok", sentence: "exit status 3"),
        Expectation(id: "exits-zero-later", state: "crash-looping", outcome: "ok", sentence: "exit status 0"),
        Expectation(id: "traps", state: "crash-looping", outcome: "ok", sentence: "SIG"),
        Expectation(id: "crash-loops", state: "crash-looping", outcome: "ok", sentence: "SIGSEGV"),
        Expectation(id: "exit-78", state: "failed", outcome: "start-failed", sentence: "exit status 78"),
        Expectation(id: "permanent", state: "failed", outcome: "start-failed", sentence: "not supported"),
        Expectation(id: "invalid-settings", state: "failed", outcome: "start-failed", sentence: "host is no address"),
        Expectation(id: "auth", state: "auth", outcome: "ok", sentence: "The password is wrong"),
        Expectation(id: "floods", state: "running", outcome: "ok", sentence: ""),
        Expectation(id: "leaks-memory", state: "running", outcome: "ok", sentence: ""),
        Expectation(id: "bad-json", state: "running", outcome: "ok", sentence: ""),
        Expectation(id: "closes-descriptors", state: "running", outcome: "ok", sentence: ""),
        Expectation(id: "forks", state: "running", outcome: "ok", sentence: ""),
        Expectation(id: "ignores-sigterm", state: "running", outcome: "ok", sentence: ""),
    ]

    @Test(.tags(.slow))
    func eachIsANamedOutcomeAndTheWellBehavedOneRunsOn() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            for expectation in Self.expectations where !["text-file", "no-file"].contains(expectation.id) {
                try await host.install(expectation.id)
            }
            for id in ["hangs-in-start", "never-completes-start"] { try await host.install(id) }
            try host.install("no-file", code: nil, manifest: HostFixture.manifest("no-file"))
            try host.install("text-file", code: nil, manifest: HostFixture.manifest("text-file"))
            try TextFile.write(
                String(repeating: "text ", count: 100),
                to: "\(host.root)/plugins.d/text-file/text-file.so"
            )
            try await host.start()
            let wellBehaved = try await host.waitForAnotherWorker(of: "well-behaved", than: nil)

            for expectation in Self.expectations {
                try await host.waitFor(expectation.id, PluginState(rawValue: expectation.state), within: .seconds(60))
            }
            let list = try #require(try await host.json("list")["items"]?.arrayValue)
            for expectation in Self.expectations {
                let item = try #require(list.first { $0["id"]?.stringValue == expectation.id })
                #expect(item["state"]?.stringValue == expectation.state, "\(expectation.id)")
                #expect(item["outcome"]?.stringValue == expectation.outcome, "\(expectation.id)")
                let message = item["message"]?.stringValue ?? ""
                #expect(message.contains(expectation.sentence), "\(expectation.id): \(message)")
                let shown = try await host.hostctl("show", expectation.id)
                #expect(shown.output.contains(expectation.sentence), "\(expectation.id): \(shown.output)")
            }

            for id in ["hangs-in-start", "never-completes-start"] {
                let death = try await eventually("a death of \(id)", within: .seconds(30)) {
                    try await host.client.plugin(id).deaths.first
                }
                #expect(death.cause == "killed: its start was not complete within 10 s")
            }
            #expect(try await host.call("well-behaved", "echo", "a=1") == .object(["a": .integer(1)]))
            #expect(try await host.processID(of: "well-behaved") == wellBehaved)
            #expect(try await host.summary("well-behaved").restarts == 0)
        }
    }

    @Test
    func aPluginCannotStartProcessesButThreads() async throws {
        try await HostFixture.with { host in
            try await host.install("forks")
            try await host.start()
            try await host.waitFor("forks", .running)
            let report = try #require(try await host.call("forks", "report").objectValue)
            #expect(report["thread"] == .bool(true))
            for way in ["fork", "double_fork", "clone", "spawn", "exec", "outlive"] {
                #expect(report[way] == .bool(false), "\(way)")
            }
            #expect(host.processes().count == 1)
        }
    }

    @Test
    func aPluginThatClosesTheHostsDescriptorsIsStartedAgain() async throws {
        try await HostFixture.with { host in
            try await host.install("closes-descriptors")
            try await host.start()
            let first = try await host.waitForAnotherWorker(of: "closes-descriptors", than: nil)
            let answer = try await host.hostctl("call", "closes-descriptors", "close")
            #expect(answer.status == 1)
            try await host.waitForAnotherWorker(of: "closes-descriptors", than: first)
            #expect(try await host.client.plugin("closes-descriptors").deaths.count == 1)
        }
    }

    @Test
    func aPluginThatHangsUpAndGoesOnIsEndedAndStartedAgain() async throws {
        try await HostFixture.with { host in
            try await host.install("hangs-up")
            try await host.start()
            let first = try await host.waitForAnotherWorker(of: "hangs-up", than: nil)
            #expect(try await host.hostctl("call", "hangs-up", "hang-up").status == 1)
            try await host.waitForAnotherWorker(of: "hangs-up", than: first)
            let death = try #require(try await host.client.plugin("hangs-up").deaths.first)
            #expect(death.cause.contains("closed its connection"), "\(death.cause)")
        }
    }

    @Test
    func aWorkerThatSendsBytesWithoutSenseIsEndedAndStartedAgain() async throws {
        try await HostFixture.with { host in
            for id in ["writes-garbage", "well-behaved"] { try await host.install(id) }
            try await host.start()
            let other = try await host.waitForAnotherWorker(of: "well-behaved", than: nil)
            let first = try await host.waitForAnotherWorker(of: "writes-garbage", than: nil)
            #expect(try await host.hostctl("call", "writes-garbage", "garbage").status == 1)
            try await host.waitForAnotherWorker(of: "writes-garbage", than: first)
            let death = try #require(try await host.client.plugin("writes-garbage").deaths.first)
            #expect(death.cause.hasPrefix("killed: "), "\(death.cause)")
            #expect(try await host.processID(of: "well-behaved") == other)
        }
    }

    @Test
    func nonsenseInsteadOfJSONIsAFailureOfTheCommandAlone() async throws {
        try await HostFixture.with { host in
            try await host.install("bad-json")
            try await host.start()
            let process = try await host.waitForAnotherWorker(of: "bad-json", than: nil)
            for command in ["syntax", "depth", "utf8", "large", "complete"] {
                let answer = try await host.hostctl("call", "bad-json", command)
                #expect(answer.status == 1, "\(command): \(answer.output)\(answer.errors)")
            }
            #expect(try await host.call("bad-json", "calls") == .integer(0))
            #expect(try await host.processID(of: "bad-json") == process)
        }
    }

    @Test
    func aFloodIsCutOffAndCounted() async throws {
        try await HostFixture.with { host in
            try await host.install("floods")
            try await host.start()
            try await host.waitFor("floods", .running)
            try await eventually("dropped lines are counted") {
                let shown = try await host.hostctl("show", "floods").output
                return shown.contains("dropped ") && shown.contains("log lines")
            }
            #expect(try await host.call("floods", "echo", "a=1") == .object(["a": .integer(1)]))
            try await eventually("the log tells of the gap") {
                try await host.hostctl("logs", "floods", "-n", "10000").output.contains("lines dropped")
            }
            #expect(try await host.hostctl("stop", "floods").status == 0)
        }
    }
}
