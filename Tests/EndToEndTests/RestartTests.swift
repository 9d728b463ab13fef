import HostAPI
import TestSupport
import Testing

/// The restart policy, seen from outside.
@Suite(.hostLogOnFailure)
struct RestartTests {
    @Test
    func aCrashedPluginRunsAgainAtOnceAndKeepsItsDevices() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            let first = try await host.waitForAnotherWorker(of: "well-behaved", than: nil)
            let answer = try await host.hostctl("call", "well-behaved", "crash")
            #expect(answer.status == 1)
            #expect(answer.errors.contains("well-behaved ended while it carried out crash"))

            try await host.waitForAnotherWorker(of: "well-behaved", than: first)
            let detail = try await host.client.plugin("well-behaved")
            #expect(detail.summary.restarts == 1)
            #expect(detail.summary.devices == 1)
            #expect(detail.deaths.map(\.cause).first?.contains("SIGABRT") == true)
            let shown = try await host.hostctl("show", "well-behaved").output
            #expect(shown.contains("DEATHS"))
            #expect(shown.contains("SIGABRT"))
        }
    }

    @Test
    func fiveCrashesStopItUntilTheUserStartsItAndCountersSurviveTheHost() async throws {
        try await HostFixture.with { host in
            try await host.install("crash-loops")
            try await host.start()
            try await host.waitFor("crash-loops", .crashLooping, within: .seconds(40))
            #expect(try await host.summary("crash-loops").restarts == 4)
            #expect(try await host.hostctl("alerts").output.contains("crash-loops keeps crashing and was stopped"))
            #expect(try await host.hostctl("status").output.contains("attention"))

            #expect(try await host.terminate() == .status(0))
            try await host.start()
            let detail = try await host.client.plugin("crash-loops")
            #expect(detail.summary.state == .crashLooping, "a new host is no reason to begin the loop anew")
            #expect(detail.summary.restarts == 4)
            #expect(detail.deaths.count == 5)

            let started = try await host.hostctl("start", "crash-loops")
            #expect(started.status == 0 || started.errors.contains("could not be started"))
            try await eventually("it was tried again") { try await host.summary("crash-loops").restarts >= 5 }
        }
    }

    @Test
    func exitStatus78IsPermanent() async throws {
        try await HostFixture.with { host in
            try await host.install("exit-78")
            try await host.start()
            try await host.waitFor("exit-78", .failed)
            #expect(try await host.client.plugin("exit-78").deaths.map(\.cause) == ["exit status 78"])
            #expect(host.processes().isEmpty)
        }
    }

    @Test
    func aPluginThatWaitsForCredentialsIsNotStartedAgain() async throws {
        try await HostFixture.with { host in
            try await host.install("auth")
            try await host.start()
            try await host.waitFor("auth", .auth)
            try await eventually("its worker is gone") { host.processes().isEmpty }
            let detail = try await host.client.plugin("auth")
            #expect(detail.deaths.isEmpty)
            #expect(detail.summary.restarts == 0)
            #expect(try await host.hostctl("alerts").output.contains("auth needs new credentials"))
        }
    }

    @Test
    func quarantineIsListedAndLiftedByTheUser() async throws {
        try await HostFixture.with { host in
            try await host.install("crashes-in-probe")
            try await host.start()
            try await host.waitFor("crashes-in-probe", .quarantined)
            let entry = try #require(try await host.json("quarantine", "list")["items"]?.arrayValue?.first)
            #expect(entry["plugin"] == .string("crashes-in-probe"))
            #expect(entry["reason"]?.stringValue?.contains("SIGSEGV") == true)

            let started = try await host.hostctl("start", "crashes-in-probe")
            #expect(started.status == 1)
            #expect(try await host.hostctl("quarantine", "lift", "nothing").status == 4)

            // The same code crashes again; a mended one runs.
            #expect(try await host.hostctl("quarantine", "lift", "crashes-in-probe").status == 0)
            #expect(try await host.summary("crashes-in-probe").state == .quarantined)
            try host.install(
                "crashes-in-probe",
                code: try await FixturePlugins.sharedObject(of: "well-behaved"),
                manifest: HostFixture.manifest("crashes-in-probe")
            )
            try await eventually("the other code is tried") {
                try await host.summary("crashes-in-probe").message.contains("its id is \"well-behaved\"")
            }
        }
    }

    @Test(.tags(.slow))
    func aPluginThatHangsIsKilledForItsHeartbeat() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            let first = try await host.waitForAnotherWorker(of: "well-behaved", than: nil)
            let answer = try await host.hostctl("call", "well-behaved", "hang", "--timeout", "1s")
            #expect(answer.status == 5)
            try await eventually("another worker runs", within: .seconds(40)) {
                let summary = try await host.summary("well-behaved")
                return summary.state == .running && summary.processID != first
            }
            let deaths = try await host.client.plugin("well-behaved").deaths
            #expect(deaths.map(\.cause) == ["killed: it did not answer a heartbeat for 15 s"])
        }
    }
}
