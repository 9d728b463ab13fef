import Glibc
import HomeSimulator
import Testing

@Suite
struct ControlTests {
    /// Runs a home with its control socket and hands the client to the test.
    private func withControl(_ body: (RunningHome, ControlClient, String) async throws -> Void) async throws {
        let strip = DevicePlan(.kp303, "Desk strip", outletNames: ["Monitor"])
        try await RunningHome.with(DevicePlan(.hs110, "Heater"), strip) { running in
            let path = "/tmp/homesim-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).sock"
            let server = ControlServer(home: running.home, path: path)
            let (ready, continuation) = AsyncStream.makeStream(of: Void.self)
            try await withThrowingTaskGroup { group in
                group.addTask { try await server.run { continuation.finish() } }
                for await _ in ready {}
                try await body(running, ControlClient(path: path), path)
                group.cancelAll()
            }
            #expect(access(path, F_OK) != 0)
        }
    }

    @Test
    func ordersReachTheHome() async throws {
        try await withControl { running, client, _ in
            let heater = running.devices[0]
            _ = try await client.send(["command": "press", "device": "Heater", "on": true])
            #expect(heater.isOn)
            _ = try await client.send(["command": "fault", "device": "heater", "fault": "slow", "value": 20])
            #expect(heater.faults == [.slow(milliseconds: 20)])
            _ = try await client.send(["command": "clear"])
            #expect(heater.faults.isEmpty)
            _ = try await client.send(["command": "press", "device": "desk-strip", "outlet": "monitor", "on": true])
            #expect(running.devices[1].snapshot.outlets.map(\.isOn) == [true, false, false])
        }
    }

    @Test
    func theListTellsEveryDevice() async throws {
        try await withControl { _, client, _ in
            let devices = try await client.send(["command": "list"])["devices"]?.array ?? []
            #expect(devices.map { $0["name"] } == ["heater", "desk-strip"])
            #expect(devices.last?["outlets"]?[0]?["name"] == "Monitor")
        }
    }

    @Test(
        arguments: [
            ["command": "fly"],
            ["command": "fault", "device": "heater", "fault": "fly"],
            ["command": "clear", "device": "fridge"],
            ["command": "move", "device": "heater", "address": "10.0.0.1"],
            ["command": "press", "device": "heater"],
        ] as [JSON]
    )
    func anOrderThatCannotBeCarriedOutSaysWhy(order: JSON) async throws {
        try await withControl { _, client, _ in
            let error = await #expect(throws: SimulatorError.self) { try await client.send(order) }
            #expect(error.map { "\($0)".count > 10 } == true)
        }
    }

    @Test
    func aSecondHomeDoesNotTakeTheSocketAway() async throws {
        try await withControl { running, client, path in
            let second = ControlServer(home: running.home, path: path)
            await #expect(throws: SimulatorError.self) { try await second.run {} }
            let list = try await client.send(["command": "list"])
            #expect(list["devices"] != nil)
        }
    }

    @Test
    func withoutAHomeTheClientSaysHowToStartOne() async throws {
        let error = await #expect(throws: SimulatorError.self) {
            try await ControlClient(path: "/tmp/homesim-nobody.sock").send(["command": "list"])
        }
        #expect(error.map { "\($0)".contains("homesim run") } == true)
    }
}
