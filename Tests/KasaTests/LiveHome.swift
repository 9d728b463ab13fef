import Glibc
import HomeSimulator
import PluginKit
import Synchronization

@testable import Kasa

/// A simulated home with the plugin in it.
struct LiveHome: Sendable {
    let home: SimulatedHome
    let recorder: RecordingHost
    let plugin: KasaPlugin
    let time: FastTime
    let settings: Settings

    private static let count = Atomic(0)

    /// Runs `body` in a home of its own on loopback, with everything found.
    static func with(
        _ plans: [DevicePlan],
        state: [String: String] = [:],
        _ adapt: (inout Settings) -> Void = { _ in },
        _ body: (LiveHome) async throws -> Void
    ) async throws {
        let home = SimulatedHome(network: nextNetwork())
        for plan in plans { try await home.add(plan) }
        try await home.start()
        var settings = Settings()
        settings.pollIntervalSeconds = 2
        settings.contactTimeoutSeconds = 0.4
        settings.verifyTimeoutSeconds = 0.4
        settings.discoveryIntervalSeconds = 0
        settings.discoveryAddresses = [home.network.broadcast.description]
        settings.hosts = await home.devices.map(\.address.description)
        adapt(&settings)
        let recorder = try RecordingHost(state: state)
        let time = FastTime()
        let plugin = KasaPlugin(host: recorder.host, time: time)
        let live = LiveHome(home: home, recorder: recorder, plugin: plugin, time: time, settings: settings)
        await plugin.start(settings)
        do {
            try await live.untilEverythingIsFound()
            try await body(live)
        } catch {
            print(recorder.record.log.suffix(30).joined(separator: "\n"))
            await live.stop()
            throw error
        }
        await live.stop()
    }

    var record: RecordingHost.Record { recorder.record }

    /// The device of that name.
    func device(_ alias: String) async throws -> SimulatedDevice {
        guard let found = await home.devices.first(where: { $0.device.snapshot.alias == alias }) else {
            throw NeverHappened(description: "there is no \(alias) in this home")
        }
        return found.device
    }

    func command(_ name: String, _ device: String, _ arguments: PluginKit.JSON = [:]) async throws -> PluginKit.JSON {
        try await plugin.command(Command(device: device, name: name, arguments: arguments))
    }

    func untilEverythingIsFound() async throws {
        let ids = await home.devices.map(\.device.snapshot.deviceID)
        try await eventually("all devices are found") {
            ids.allSatisfy { record.availability[$0] == "online" && record.latest($0, "on") != nil }
        }
    }

    func stop() async {
        await plugin.stop()
        await home.stop()
    }

    /// Tests run beside each other, and other test programs beside this one.
    private static func nextNetwork() -> IPv4Network {
        let number = count.add(1, ordering: .relaxed).newValue
        guard let network = IPv4Network("127.\(100 + Int(getpid()) % 100).\(number).0/24") else {
            preconditionFailure("more homes than networks")
        }
        return network
    }
}

extension SimulatedDevice {
    var id: String { snapshot.deviceID }
}
