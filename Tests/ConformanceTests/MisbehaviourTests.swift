import Conformance
import TestSupport
import Testing

/// Each of the misbehaving plugins is caught, by the check that is meant for it.
@Suite struct MisbehaviourTests {
    struct Expectation: Sendable, CustomTestStringConvertible {
        let plugin: String
        let check: String
        /// Part of the sentence that says why.
        let reason: String
        /// Further keys of its manifest.
        var manifest = ""

        var testDescription: String { "\(plugin) fails \(check)" }
    }

    private static let level = """
        settings:
          type: object
          properties:
            level: {type: integer, minimum: 0, default: 1, x-restart: hot}
        """

    static let expectations = [
        Expectation(plugin: "crashes-in-probe", check: "load", reason: "SIGSEGV"),
        Expectation(plugin: "hangs-in-probe", check: "load", reason: "it hangs"),
        Expectation(plugin: "null-entry", check: "load", reason: "returned NULL"),
        Expectation(plugin: "no-entry", check: "load", reason: "entry-missing"),
        Expectation(plugin: "no-entry", check: "exports", reason: "does not export hearth_plugin_entry"),
        Expectation(plugin: "exports-two", check: "exports", reason: "also exports helpful"),
        Expectation(plugin: "wrong-id", check: "identity", reason: "the code says someone-else 1.0.0"),
        Expectation(plugin: "other-abi", check: "abi", reason: "PluginAPI 99"),
        Expectation(plugin: "newer-host", check: "abi", reason: "It needs PluginAPI 1.99"),
        Expectation(plugin: "hangs-in-start", check: "start", reason: "no heartbeat is answered"),
        Expectation(plugin: "never-completes-start", check: "start", reason: "is not finished within 10 s"),
        Expectation(plugin: "exits", check: "start", reason: "exit status 3"),
        Expectation(plugin: "traps", check: "start", reason: "ends the process: signal"),
        Expectation(plugin: "crashes-in-destroy", check: "exit", reason: "after stop the process ends with signal 6"),
        Expectation(plugin: "trips-over-state", check: "processes", reason: "start answers internal"),
        Expectation(
            plugin: "trusts-settings",
            check: "settings-values",
            reason: "/level = 9223372036854775807: start ends the process",
            manifest: level
        ),
        Expectation(plugin: "trusts-settings", check: "settings-apply", reason: "does not say why", manifest: level),
        Expectation(
            plugin: "trusts-settings",
            check: "settings-unknown",
            reason: "no defaults ends the process",
            manifest: level
        ),
        Expectation(plugin: "ignores-sigterm", check: "sigterm", reason: "still runs 2 s after SIGTERM"),
        Expectation(plugin: "ignores-sigterm", check: "stop", reason: "given up after 5 s"),
        Expectation(plugin: "leaks-threads", check: "threads", reason: "in 15 rounds"),
        Expectation(plugin: "leaks-descriptors", check: "descriptors", reason: "in 15 rounds"),
        Expectation(plugin: "crash-loops", check: "heartbeats", reason: "ends by itself"),
        Expectation(plugin: "exits-zero-later", check: "heartbeats", reason: "exit status 0"),
        Expectation(plugin: "talks-after-stop", check: "quiet", reason: "still reports a reading"),
        Expectation(plugin: "closes-descriptors", check: "commands", reason: "ends the process"),
        Expectation(plugin: "writes-garbage", check: "commands", reason: "broke the worker protocol"),
        Expectation(plugin: "hangs-up", check: "commands", reason: "closed its connection"),
        Expectation(plugin: "forks", check: "commands", reason: "an unknown command is answered with ok"),
        Expectation(plugin: "bad-json", check: "health", reason: "health is a JSON object"),
        Expectation(plugin: "floods", check: "log", reason: "the queue overflowed"),
        Expectation(plugin: "asks-too-much", check: "permissions", reason: "the readings */*/*"),
        Expectation(plugin: "listens", check: "permissions", reason: "listens on TCP port"),
        Expectation(plugin: "leaks-memory", check: "memory", reason: "in two idle seconds"),
    ]

    @Test(arguments: expectations)
    func isCaught(_ expectation: Expectation) async throws {
        let report = try await PackageFixture(expectation.plugin, expectation.manifest).check(only: [expectation.check])
        #expect(!report.isPassed)
        let verdict = try #require(report[expectation.check])
        #expect(verdict.word == "fail", "\(verdict)")
        #expect(verdict.reason.contains(expectation.reason), "\(verdict)")
        #expect(verdict.mend?.isEmpty == false)
    }

    @Test func aBlockedCallbackIsCaughtWhereverItHappens() async throws {
        let report = try await PackageFixture("blocks-callback").check(only: ["commands", "callbacks"])
        #expect(report.failed == ["callbacks"])
        #expect(report["callbacks"]?.reason.contains("command kept the worker for 3") == true)
    }

    @Test(arguments: ["auth", "permanent", "invalid-settings"])
    func whoeverMissesSomethingAndSaysSoPasses(id: String) async throws {
        let report = try await PackageFixture(id).check(only: ["rounds", "stop", "commands"])
        #expect(report.failed == [])
        #expect(report["rounds"]?.word == "pass")
        #expect(report["commands"]?.word == "skipped")
    }

    @Test func whatFollowsFromAFailureIsSkipped() async throws {
        let report = try await PackageFixture("exits").check()
        #expect(report.failed == ["start"])
        #expect(report["rounds"] == .skipped("the plugin does not start"))
    }

    @Test func noWorkerIsLeftBehind() async throws {
        let fixture = try await PackageFixture("ignores-sigterm")
        _ = try await fixture.check(only: ["sigterm"])
        let left = ProcessTable.all().filter {
            ProcessTable.environment(of: $0).contains("TMPDIR=\(fixture.scratch.path)")
        }
        #expect(left == [])
    }
}
