import HomeSimulator
import PluginKit
import Testing

@testable import Kasa

/// The plugin in a home where all is well.
@Suite struct HomeTests {
    @Test func readsOneDeviceOfEachKind() async throws {
        try await LiveHome.with(.demo) { live in
            let record = live.record
            let kinds = record.devices.values.compactMap { $0["kind"].text }.sorted()
            #expect(kinds.filter { $0 != "outlet" } == ["bulb", "dimmer", "plug", "plug", "strip", "switch"])
            #expect(kinds.filter { $0 == "outlet" }.count == 6)
            let heater = try await live.device("Heater")
            try await eventually("the heater's meter is read") { live.record.latest(heater.id, "power") != nil }
            guard case .number(let power) = live.record.latest(heater.id, "power") else {
                Issue.record("no power")
                return
            }
            #expect(abs(power - (heater.watts ?? 0)) < 100)
            #expect(live.record.latest(heater.id, "on") == true)
            #expect(live.record.latest(heater.id, "voltage") != nil)
            let strip = try await live.device("Desk strip")
            let outlet = strip.snapshot.outlets[0]
            try await eventually("an outlet's meter is read") { live.record.latest(outlet.id, "power") != nil }
            #expect(live.record.devices[outlet.id]?["parent"] == .text(strip.id))
            #expect(live.record.devices[outlet.id]?["name"] == "Monitor")
        }
    }

    @Test func findsDevicesByBroadcast() async throws {
        try await LiveHome.with(.small) { settings in
            settings.hosts = []
            settings.discoveryIntervalSeconds = 300
        } _: { live in
            #expect(live.record.devices.count == 2)
            #expect(live.record.log.contains { $0.hasPrefix("info: found “Heater” (HS110(EU)) at 127.") })
        }
    }

    @Test func switchesAndSaysSo() async throws {
        try await LiveHome.with([DevicePlan(.hs110, "Heater")]) { live in
            let heater = try await live.device("Heater")
            let result = try await live.command("turn-on", heater.id)
            #expect(result["outcome"] == "confirmed")
            #expect(result["attempts"] == 1)
            #expect(heater.isOn)
            #expect(live.record.latest(heater.id, "on") == true)
            _ = try await live.command("toggle", heater.id)
            #expect(!heater.isOn)
            _ = try await live.command("set-led", heater.id, ["on": false])
            #expect(live.record.latest(heater.id, "led") == false)
            let lines = try live.recorder.scratch.text("activity.log").split(separator: "\n")
            let activity = try lines.map { try JSON(parsing: String($0)) }
            #expect(
                activity.map { [$0["event"], $0["command"], $0["outcome"]].map { $0.text ?? "-" } } == [
                    ["command", "turn-on", "-"], ["result", "turn-on", "confirmed"],
                    ["command", "toggle", "-"], ["result", "toggle", "confirmed"],
                    ["command", "set-led", "-"], ["result", "set-led", "confirmed"],
                ]
            )
            #expect(live.record.log.contains("info: “Heater”: before turn-on it is off"))
        }
    }

    @Test func neverHoldsBackACommandThatWasJustCarriedOut() async throws {
        try await LiveHome.with([DevicePlan(.hs103, "Lamp")]) { live in
            let lamp = try await live.device("Lamp")
            for _ in 1...3 { _ = try await live.command("turn-on", lamp.id) }
            #expect(lamp.counters.commands == 3)
        }
    }

    @Test func switchesOutletsByThemselvesAndTogether() async throws {
        try await LiveHome.with([DevicePlan(.hs300, "Strip")]) { live in
            let strip = try await live.device("Strip")
            let outlets = strip.snapshot.outlets.map(\.id)
            _ = try await live.command("turn-on", outlets[2])
            #expect(strip.snapshot.outlets.map(\.isOn) == [false, false, true, false, false, false])
            #expect(live.record.latest(outlets[2], "on") == true)
            _ = try await live.command("turn-on", strip.id)
            #expect(!strip.snapshot.outlets.map(\.isOn).contains(false))
            _ = try await live.command("turn-off", strip.id)
            #expect(!strip.isOn)
        }
    }

    @Test func setsLightsAndDimmers() async throws {
        try await LiveHome.with([DevicePlan(.kl130, "Lamp"), DevicePlan(.hs220, "Dimmer")]) { live in
            let lamp = try await live.device("Lamp")
            _ = try await live.command("set-color", lamp.id, ["hue": 240, "saturation": 80, "brightness": 60])
            #expect(live.record.latest(lamp.id, "hue") == 240)
            #expect(live.record.latest(lamp.id, "brightness") == 60)
            _ = try await live.command("set-color-temperature", lamp.id, ["temperature": 3000])
            #expect(live.record.latest(lamp.id, "color_temperature") == 3000)
            _ = try await live.command("turn-off", lamp.id)
            #expect(!lamp.isOn)
            _ = try await live.command("set-brightness", lamp.id, ["brightness": 10])
            #expect(lamp.isOn)
            let dimmer = try await live.device("Dimmer")
            _ = try await live.command("set-brightness", dimmer.id, ["brightness": 33])
            #expect(dimmer.snapshot.brightness == 33)
            #expect(dimmer.isOn)
        }
    }

    @Test func keepsOneConnectionToEachDevice() async throws {
        try await LiveHome.with(.small) { live in
            let heater = try await live.device("Heater")
            let before = heater.counters.requests
            async let one = live.command("turn-off", heater.id)
            async let two = live.command("set-led", heater.id, ["on": false])
            _ = try await [one, two]
            try await eventually("it is polled some more") { heater.counters.requests > before + 20 }
            #expect(heater.counters.mostConnections == 1)
            #expect(heater.counters.malformed == 0)
        }
    }

    @Test func noticesWhatSomebodyDoesByHand() async throws {
        try await LiveHome.with(.small) { live in
            let lamp = try await live.device("Floor lamp")
            lamp.press(true)
            try await eventually("the lamp is seen to be on") { live.record.latest(lamp.id, "on") == true }
        }
    }

    @Test func takesNewNamesWithoutARestart() async throws {
        try await LiveHome.with(.small) { live in
            let heater = try await live.device("Heater")
            var settings = live.settings
            settings.devices[heater.id] = Settings.Override(name: "Boiler")
            await live.plugin.apply(settings, old: live.settings, changes: noChanges)
            #expect(live.record.devices[heater.id]?["name"] == "Boiler")
        }
    }

    @Test func switchesOffWhatShallBeOffWhenItStops() async throws {
        try await LiveHome.with([DevicePlan(.hs110, "Heater", isOn: true), DevicePlan(.hs103, "Lamp", isOn: true)]) {
            live in
            let heater = try await live.device("Heater")
            let lamp = try await live.device("Lamp")
            var settings = live.settings
            settings.devices = [heater.id: .init(onStop: .off), lamp.id: .init(onStop: .leave)]
            await live.plugin.apply(settings, old: live.settings, changes: noChanges)
            await live.plugin.stop()
            #expect(!heater.isOn)
            #expect(lamp.isOn)
            try await eventually("the connection is closed") { heater.counters.openConnections == 0 }
        }
    }

    @Test func remembersDevicesThatAreAwayAfterARestart() async throws {
        var state: [String: String] = [:]
        var id = ""
        try await LiveHome.with([DevicePlan(.hs300, "Strip")]) { live in
            id = try await live.device("Strip").id
            state = live.record.state
        }
        let recorder = try RecordingHost(state: state)
        let plugin = KasaPlugin(host: recorder.host, time: FastTime())
        var settings = Settings()
        settings.discoveryIntervalSeconds = 0
        settings.contactTimeoutSeconds = 0.2
        await plugin.start(settings)
        try await eventually("it is known, and offline") {
            recorder.record.availability[id]?.hasPrefix("offline: connection refused") == true
        }
        #expect(recorder.record.devices.count == 7)
        let error = await #expect(throws: PluginError.self) {
            try await plugin.command(Command(device: id + "00", name: "turn-on"))
        }
        #expect(error?.message.contains("failed after 3 attempts: connection refused") == true)
        _ = try await plugin.command(Command(name: "forget", arguments: ["device": .text(id)]))
        #expect(recorder.record.removed.contains(id + "05"))
        #expect(!recorder.record.state.values.contains { $0.contains(id) })
        await plugin.stop()
    }

    @Test func answersForTheWholePlugin() async throws {
        try await LiveHome.with(.small) { live in
            let figures = try await live.plugin.command(Command(name: "discover"))
            #expect(figures["known"] == 2)
            #expect(figures["online"] == 2)
            await #expect(throws: PluginError.self) { try await live.plugin.command(Command(name: "explode")) }
            let error = await #expect(throws: PluginError.self) { try await live.command("turn-on", "nobody") }
            #expect(error?.message == "there is no device “nobody” here; `hostctl devices` shows the ids")
        }
    }

    private var noChanges: SettingsChanges { SettingsChanges(scope: .hot, revision: 2, keys: [:]) }
}
