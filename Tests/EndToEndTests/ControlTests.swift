import HostAPI
import TestSupport
import Testing

/// `hostctl stop`, `start`, `restart`, `disable`, `enable`.
@Suite(.hostLogOnFailure)
struct ControlTests {
    @Test
    func aStopOfAHealthyPluginIsOrderly() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            #expect(try await host.hostctl("stop", "well-behaved").status == 0)
            #expect(host.processes().isEmpty)
            let detail = try await host.client.plugin("well-behaved")
            #expect(detail.summary.state == .stopped)
            #expect(detail.deaths.isEmpty)
            #expect(detail.summary.restarts == 0)
            #expect(try await host.hostctl("logs", "well-behaved").output.contains("stopped"))
        }
    }

    @Test(.tags(.slow))
    func aStopReturnsEvenIfOnlySIGKILLHelps() async throws {
        try await HostFixture.with { host in
            try await host.install("ignores-sigterm")
            try await host.start()
            try await host.waitFor("ignores-sigterm", .running)
            #expect(try await host.hostctl("stop", "ignores-sigterm").status == 0)
            #expect(host.processes().isEmpty)
            #expect(try await host.summary("ignores-sigterm").state == .stopped)
        }
    }

    @Test
    func aRestartGivesANewProcessAndIsNoDeath() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            let first = try await host.waitForAnotherWorker(of: "well-behaved", than: nil)
            #expect(try await host.hostctl("restart", "well-behaved").status == 0)
            #expect(try await host.processID(of: "well-behaved") != first)
            #expect(try await host.client.plugin("well-behaved").deaths.isEmpty)
        }
    }

    @Test
    func aStopDoesNotOutliveTheHostButADisableDoes() async throws {
        try await HostFixture.with { host in
            for id in ["well-behaved", "floods"] { try await host.install(id) }
            try await host.start()
            for id in ["well-behaved", "floods"] { try await host.waitFor(id, .running) }
            #expect(try await host.hostctl("stop", "floods").status == 0)
            #expect(try await host.hostctl("disable", "well-behaved").status == 0)
            #expect(try await host.summary("well-behaved").state == .disabled)
            #expect(host.processes().isEmpty)

            #expect(try await host.terminate() == .status(0))
            try await host.start()
            try await host.waitFor("floods", .running)
            let disabled = try await host.summary("well-behaved")
            #expect(disabled.state == .disabled)
            #expect(disabled.outcome == .disabled)
            #expect(disabled.processID == nil)

            let refused = try await host.hostctl("start", "well-behaved")
            #expect(refused.status == 3)
            #expect(refused.errors.contains("hostctl enable well-behaved"))
            #expect(try await host.hostctl("enable", "well-behaved").status == 0)
            #expect(try await host.summary("well-behaved").state == .running)

            // At once, without time to write it down by the way.
            try host.killHost()
            try await host.start()
            try await host.waitFor("well-behaved", .running)
        }
    }

    @Test
    func anUnknownPluginGetsASuggestionAndIsNeverGuessed() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            let answer = try await host.hostctl("stop", "well-behave")
            #expect(answer.status == 4)
            #expect(answer.errors.contains("well-behaved"))
            #expect(try await host.summary("well-behaved").state == .running)
        }
    }
}
