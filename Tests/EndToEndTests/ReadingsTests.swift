import HostAPI
import TestSupport
import Testing

/// `hostctl readings` and `devices`.
@Suite(.hostLogOnFailure)
struct ReadingsTests {
    /// A plugin that has published five readings of each of its three entities.
    private func withReadings(
        _ name: String = #function,
        _ body: (HostFixture) async throws -> Void
    ) async throws {
        try await HostFixture.with(name) { host in
            try await host.install("well-behaved")
            try await host.start()
            try await host.waitFor("well-behaved", .running)
            for _ in 1...5 { #expect(try await host.hostctl("call", "well-behaved", "read").status == 0) }
            try await eventually("all have arrived") {
                try await host.client.latestReadings().contains { $0.reading.value == .number(5) }
            }
            try await body(host)
        }
    }

    private func values(_ page: JSONValue) -> [JSONValue] {
        page["items"]?.arrayValue?.compactMap { $0["value"] } ?? []
    }

    @Test
    func aSeriesIsFoundByHandleIdAndName() async throws {
        try await withReadings { host in
            for device in ["lamp", "lamp-1", "Lamp"] {
                let page = try await host.json("readings", "well-behaved/\(device)/power", "--since", "10m")
                #expect(values(page).compactMap(\.numberValue) == [1, 2, 3, 4, 5], "\(device)")
            }
            #expect(
                values(try await host.json("readings", "well-behaved/lamp/on"))
                    == [.bool(true), .bool(false), .bool(true), .bool(false), .bool(true)]
            )
            #expect(values(try await host.json("readings", "well-behaved/lamp/mode", "-n", "1")) == [.string("warm")])
        }
    }

    @Test
    func aLimitKeepsTheNewestAndATimeCutsOff() async throws {
        try await withReadings { host in
            let page = try await host.json("readings", "well-behaved/lamp/power", "--limit", "2")
            #expect(values(page).compactMap(\.numberValue) == [4, 5])
            #expect(page["isTruncated"] == .bool(true))
            let all = try await host.json("readings", "well-behaved/lamp/power")
            let third = try #require(all["items"]?.arrayValue?[2]["time"]?.stringValue)
            let since = try await host.json("readings", "well-behaved/lamp/power", "--since", third)
            #expect(values(since).compactMap(\.numberValue) == [3, 4, 5])
            let until = try await host.json("readings", "well-behaved/lamp/power", "--until", third)
            #expect(values(until).compactMap(\.numberValue) == [1, 2])
        }
    }

    @Test
    func theNewestOfEachSeriesIsListed() async throws {
        try await withReadings { host in
            let table = try await host.hostctl("readings")
            #expect(table.output.contains("well-behaved/lamp/power"))
            #expect(table.output.contains("5 W"))
            let names = try await host.hostctl("devices", "well-behaved", "-o", "name")
            #expect(names.output == "well-behaved/lamp\n")
            #expect(try await host.hostctl("devices").output.contains("online"))
        }
    }

    @Test
    func whatIsNotThereEndsWith4AndASuggestion() async throws {
        try await withReadings { host in
            for (series, suggestion) in [
                ("well-behaved/lamp/powr", "power"), ("well-behaved/lammp/power", "lamp"),
                ("well-behave/lamp/power", "well-behaved"),
            ] {
                let answer = try await host.hostctl("readings", series)
                #expect(answer.status == 4, "\(series)")
                #expect(answer.errors.contains("\"\(suggestion)\""), "\(series): \(answer.errors)")
            }
            #expect(try await host.hostctl("readings", "power").status == 64)
        }
    }

    @Test
    func availabilityAndRemovalOfADeviceAreSeen() async throws {
        try await withReadings { host in
            #expect(try await host.hostctl("call", "well-behaved", "availability", "availability=1").status == 0)
            try await eventually("it is offline with its reason") {
                let device = try await host.client.devices(ofPlugin: "well-behaved").first
                return device?.availability == .offline && device?.reason == "as told"
            }
            #expect(try await host.hostctl("status").output.contains("1 offline"))
            #expect(try await host.hostctl("call", "well-behaved", "remove-device").status == 0)
            try await eventually("it is gone") { try await host.client.devices(ofPlugin: "well-behaved").isEmpty }
            // Its history stays.
            let page = try await host.json("readings", "well-behaved/lamp-1/power")
            #expect(values(page).count == 5)
        }
    }
}
