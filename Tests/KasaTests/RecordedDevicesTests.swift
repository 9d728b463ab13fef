import PluginKit
import Testing

@testable import Kasa

/// The plugin against devices that others own: what it publishes must be what python-kasa reads of the same device.
@Suite(.enabled(if: RecordedHome.isInstalled, "`make test` fetches the recordings"), .serialized)
struct RecordedDevicesTests {
    @Test func readsEveryRecordedDeviceAsPythonKasaDoes() async throws {
        try await withRecordings(network: "127.198.1") { home, recorder, plugin in
            #expect(home.recordings.count >= 80)
            for recording in home.recordings {
                let expected = recording.expected
                let id = expected["device_id"].text ?? ""
                let record = recorder.record
                let device = record.devices[id] ?? .null
                let alias = expected["alias"].text ?? ""
                #expect(device["name"] == (alias.isEmpty ? device["model"] : .text(alias)), "\(recording.name)")
                #expect(device["model"].text?.hasPrefix(expected["model"].text ?? "?") == true, "\(recording.name)")
                #expect(device["kind"].text == kind(expected["type"].text), "\(recording.name)")
                #expect(record.latest(id, "on") == expected["is_on"].flag.map { .boolean($0) }, "\(recording.name)")
                #expect(record.latest(id, "signal") == expected["rssi"].number.map { .number($0) }, "\(recording.name)")
                for (entity, key) in ["brightness": "brightness", "hue": "hue", "saturation": "saturation"] {
                    #expect(
                        record.latest(id, entity) == expected[key].number.map { .number($0) },
                        "\(entity) of \(recording.name)"
                    )
                }
                let temperature = expected["color_temp"].number.flatMap { $0 > 0 ? $0 : nil }
                #expect(record.latest(id, "color_temperature") == temperature.map { .number($0) }, "\(recording.name)")
                let children = expected["children"].array ?? []
                if children.isEmpty { expectMeter(record, id, expected, recording.name) }
                for (place, child) in children.enumerated() {
                    let childID = "\(id)0\(place)"
                    #expect(record.devices[childID]?["parent"] == .text(id), "\(recording.name)")
                    #expect(record.devices[childID]?["name"] == child["alias"], "\(recording.name)")
                    #expect(
                        record.latest(childID, "on") == child["is_on"].flag.map { .boolean($0) },
                        "\(recording.name)"
                    )
                    expectMeter(record, childID, child, recording.name)
                }
            }
        }
    }

    @Test func switchesEveryRecordedDevice() async throws {
        try await withRecordings(network: "127.198.2") { home, _, plugin in
            for recording in home.recordings {
                let id = recording.expected["device_id"].text ?? ""
                for isOn in [false, true] {
                    let command = Command(device: id, name: isOn ? "turn-on" : "turn-off")
                    let result = try await plugin.command(command)
                    #expect(result["outcome"] == "confirmed", "\(recording.name)")
                    #expect(try home.state(of: recording)["is_on"] == .boolean(isOn), "\(recording.name)")
                }
            }
        }
    }

    private func withRecordings(
        network: String,
        _ body: (RecordedHome, RecordingHost, KasaPlugin) async throws -> Void
    ) async throws {
        let home = try RecordedHome(network: network)
        let recorder = try RecordingHost()
        let plugin = KasaPlugin(host: recorder.host, time: FastTime())
        var settings = Settings()
        settings.hosts = home.recordings.map(\.address)
        settings.discoveryIntervalSeconds = 0
        settings.pollIntervalSeconds = 3600
        await plugin.start(settings)
        let ids = home.recordings.compactMap { $0.expected["device_id"].text }
        try await eventually("every device was read") {
            let record = recorder.record
            return ids.allSatisfy { record.latest($0, "signal") != nil && record.latest($0, "on") != nil }
        }
        try await body(home, recorder, plugin)
        await plugin.stop()
    }

    private func expectMeter(_ record: RecordingHost.Record, _ id: String, _ expected: JSON, _ name: String) {
        for (entity, key) in ["power": "power", "voltage": "voltage", "current": "current", "energy": "total"] {
            let value = expected[key].number
            #expect(record.latest(id, entity) == value.map { .number($0) }, "\(entity) of \(name)")
        }
    }

    /// What we call what python-kasa calls so.
    private func kind(_ type: String?) -> String? {
        switch type {
        case "wallswitch": "switch"
        case "lightstrip": "bulb"
        default: type
        }
    }
}
