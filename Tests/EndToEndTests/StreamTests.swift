import Glibc
import HostAPI
import TestSupport
import Testing

/// `hostctl logs` and `events`.
@Suite(.hostLogOnFailure)
struct StreamTests {
    private func withPlugin(
        _ name: String = #function,
        _ body: (HostFixture) async throws -> Void
    ) async throws {
        try await HostFixture.with(name) { host in
            try await host.install("well-behaved")
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            try await body(host)
        }
    }

    @Test
    func whatAPluginSaysAndPrintsIsInItsLog() async throws {
        try await withPlugin { host in
            _ = try await host.call("well-behaved", "print")
            _ = try await host.call("well-behaved", "log", "level=3")
            try await eventually("all lines are there") {
                let log = try await host.hostctl("logs", "well-behaved").output
                return ["a line on stdout", "a line on stderr", "as told", "started"].allSatisfy(log.contains)
            }
            let errors = try await host.hostctl("logs", "well-behaved", "--level", "error").output
            #expect(!errors.contains("a line on stdout"))
            let last = try await host.hostctl("logs", "well-behaved", "-n", "1").output
            #expect(last.split(separator: "\n").count == 1)
        }
    }

    @Test
    func aLogIsFollowedUntilCtrlC() async throws {
        try await withPlugin { host in
            let follower = try host.follow(["logs", "well-behaved", "-f"])
            try await eventually("old lines are shown") { follower.output.contains("started") }
            _ = try await host.call("well-behaved", "print")
            try await eventually("new lines arrive") { follower.output.contains("a line on stdout") }
            #expect(follower.exit == nil)
            follower.send(signal: SIGINT)
            #expect(try await follower.wait() == .signal(SIGINT))
        }
    }

    @Test
    func eventsAreFollowedAndRemembered() async throws {
        try await withPlugin { host in
            let follower = try host.follow(["events", "-f", "--after", "0", "-o", "json"])
            try await eventually("what happened before is shown") {
                follower.output.contains("well-behaved is running")
            }
            #expect(try await host.hostctl("stop", "well-behaved").status == 0)
            try await eventually("the stop arrives") { follower.output.contains("well-behaved is stopped") }
            for line in follower.output.split(separator: "\n") {
                #expect(try JSONValue(parsing: line)["number"]?.integerValue ?? 0 > 0)
            }
            let remembered = try await host.hostctl("events")
            #expect(remembered.status == 0)
            #expect(remembered.output.contains("well-behaved is stopped"))
        }
    }

    @Test
    func aFollowerIsToldWhenTheHostEnds() async throws {
        try await withPlugin { host in
            let follower = try host.follow(["events", "-f", "--after", "0"])
            try await eventually("it stands") { follower.output.contains("well-behaved is running") }
            #expect(try await host.terminate() == .status(0))
            #expect(try await follower.wait() == .status(6))
        }
    }

    @Test
    func anAlertIsRaisedOnceAndClears() async throws {
        try await withPlugin { host in
            for _ in 1...3 { _ = try await host.call("well-behaved", "raise") }
            try await eventually("it is listed") {
                try await host.client.alerts(includingCleared: false).first { $0.key == "plugin:told" }?.title
                    == "Something is wrong"
            }
            #expect(try await host.client.alerts(includingCleared: false).count == 1)
            _ = try await host.call("well-behaved", "clear")
            try await eventually("it is gone") { try await host.client.alerts(includingCleared: false).isEmpty }
            #expect(try await host.hostctl("alerts", "--all").output.contains("Something is wrong"))
        }
    }

    @Test
    func aPluginSaysThatItIsDegraded() async throws {
        try await withPlugin { host in
            _ = try await host.call("well-behaved", "status")
            let summary = try await host.waitFor("well-behaved", .degraded)
            #expect(summary.message == "as told")
        }
    }
}
