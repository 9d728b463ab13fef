import HostAPI
import TestSupport
import Testing

/// What survives: a plugin's memory, readings, devices.
@Suite(.hostLogOnFailure)
struct PersistenceTests {
    @Test
    func whatAPluginRemembersSurvivesItsCrashAndAnOrderlyEndOfTheHost() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            let process = try await host.waitForAnotherWorker(of: "well-behaved", than: nil)
            #expect(try await host.call("well-behaved", "starts") == .integer(1))
            _ = try await host.hostctl("call", "well-behaved", "crash")
            try await host.waitForAnotherWorker(of: "well-behaved", than: process)
            #expect(try await host.call("well-behaved", "starts") == .integer(2))
            #expect(try await host.terminate() == .status(0))
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            #expect(try await host.call("well-behaved", "starts") == .integer(3))
        }
    }

    @Test
    func whatAPluginFlushedSurvivesAKilledHost() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            #expect(try await host.call("well-behaved", "starts") == .integer(1))
            #expect(try await host.hostctl("call", "well-behaved", "flush").status == 0)
            try host.killHost()
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            #expect(try await host.call("well-behaved", "starts") == .integer(2))
        }
    }

    @Test
    func readingsAndDevicesSurviveAnOrderlyEndOfTheHost() async throws {
        try await HostFixture.with { host in
            try await host.install("well-behaved")
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            for _ in 1...3 { #expect(try await host.hostctl("call", "well-behaved", "read").status == 0) }
            #expect(try await host.hostctl("disable", "well-behaved").status == 0)
            #expect(try await host.terminate() == .status(0))
            try await host.start()
            let page = try await host.json("readings", "well-behaved/lamp/power")
            #expect(page["items"]?.arrayValue?.compactMap { $0["value"]?.numberValue } == [1, 2, 3])
            #expect(page["unit"] == .string("W"))
            let devices = try await host.client.devices(ofPlugin: "well-behaved")
            #expect(devices.map(\.id) == ["lamp-1"])
            #expect(devices.first?.availability == .unknown)
            #expect(devices.first?.latest.first { $0.series.entity == "power" }?.reading.value == .number(3))
        }
    }
}
