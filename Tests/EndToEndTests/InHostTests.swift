import HostAPI
import TestSupport
import Testing

/// `isolation: host`: a plugin on a thread of `hostd`.
@Suite(.hostLogOnFailure)
struct InHostTests {
    @Test
    func withTheUsersWordItRunsInTheHostsOwnProcess() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved", "isolation: host")
            try await host.start(["--allow-in-host", "well-behaved"])
            let summary = try await host.waitFor("well-behaved", .running)
            #expect(summary.isolation == "host")
            #expect(host.processes().isEmpty)
            #expect(try await host.call("well-behaved", "echo", "a=1") == .object(["a": .integer(1)]))
            _ = try await host.call("well-behaved", "read")
            try await eventually("its readings are stored") {
                let page = try await host.json("readings", "well-behaved/lamp/power")
                return page["items"]?.arrayValue?.count == 1
            }
            #expect(try await host.hostctl("restart", "well-behaved").status == 0)
            #expect(try await host.call("well-behaved", "starts") == .integer(2))
            #expect(try await host.hostctl("stop", "well-behaved").status == 0)
            #expect(try await host.summary("well-behaved").state == .stopped)
            #expect(try await host.terminate() == .status(0))
        }
    }

    @Test
    func withoutItItGetsAProcessOfItsOwn() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved", "isolation: host")
            try await host.start()
            let summary = try await host.waitFor("well-behaved", .running)
            #expect(summary.isolation == "worker")
            #expect(host.processes().count == 1)
        }
    }
}
