import HomeSimulator
import PluginKit
import Testing

@testable import Kasa

/// The plugin in a home where something is wrong.
@Suite struct FaultTests {
    @Test(arguments: [
        (Fault.refuse, "connection refused"), (.silence, "no answer within 0.4 s"),
        (.unreachable, "no answer within 0.4 s"), (.reset, "the connection broke"),
        (.wrongLength(2_147_483_647), "not of the Kasa protocol"), (.garbage, "not of the Kasa protocol"),
        (.truncatedJSON, "not of the Kasa protocol"), (.errorCode(-7), "the device refuses"),
    ])
    func saysOnceThatADeviceIsAwayAndOnceThatItIsBack(fault: Fault, reason: String) async throws {
        try await LiveHome.with(.small) { live in
            let heater = try await live.device("Heater")
            try await live.home.order(fault, on: heater)
            try await eventually("the heater is offline") {
                live.record.availability[heater.id]?.hasPrefix("offline: ") == true
            }
            #expect(live.record.availability[heater.id]?.contains(reason) == true)
            #expect(live.record.latest(heater.id, "on") == .unknown)
            try await eventually("the plugin says so of itself") {
                live.record.status.contains("1 of 2 devices do not answer")
            }
            try await live.home.clear(heater)
            try await eventually("the heater is back") {
                live.record.availability[heater.id] == "online" && live.record.latest(heater.id, "on") == true
            }
            #expect(live.record.log.count { $0.hasPrefix("warning: “Heater” does not answer any more") } == 1)
            #expect(live.record.log.count { $0.hasPrefix("info: “Heater” answers at") } == 2)
            #expect(live.record.availabilityChanges.count { $0.hasPrefix(heater.id) } == 3)
            try await eventually("the status is good again") { live.record.status.isEmpty }
        }
    }

    @Test(arguments: [Fault.slow(milliseconds: 100), .closesAfterReply, .splitReplies(bytes: 7)])
    func livesWithPeculiarDevices(fault: Fault) async throws {
        try await LiveHome.with([DevicePlan(.hs110, "Heater")]) { live in
            let heater = try await live.device("Heater")
            try await live.home.order(fault, on: heater)
            let before = heater.counters.requests
            _ = try await live.command("turn-on", heater.id)
            try await eventually("it is polled some more") { heater.counters.requests > before + 8 }
            #expect(heater.isOn)
            #expect(live.record.availability[heater.id] == "online")
            #expect(!live.record.log.contains { $0.hasPrefix("warning") })
            #expect(heater.counters.mostConnections <= 2)
        }
    }

    @Test func neverBelievesAnAcknowledgement() async throws {
        try await LiveHome.with([DevicePlan(.hs110, "Heater", isOn: true)]) { live in
            let heater = try await live.device("Heater")
            try await live.home.order(.ignoresCommands, on: heater)
            for _ in 1...2 {
                let error = await #expect(throws: PluginError.self) { try await live.command("turn-off", heater.id) }
                #expect(
                    error
                        == .retryable(
                            "“Heater”: turn-off failed after 3 attempts: state mismatch: expected off, device says on"
                        )
                )
            }
            #expect(heater.counters.commands == 6)
            #expect(live.record.latest(heater.id, "on") == true)
            let key = "command-failed/\(heater.id.lowercased())"
            #expect(live.record.alertChanges.filter { $0.contains("command-failed") } == ["raise \(key)"])
            #expect(live.record.alerts[key]?.contains("state mismatch") == true)
            #expect(
                live.record.log.filter { $0.hasPrefix("warning") }.prefix(2) == [
                    "warning: “Heater”: turn-off: attempt 1/3 failed: state mismatch: expected off, device says on, retry in 1 s",
                    "warning: “Heater”: turn-off: attempt 2/3 failed: state mismatch: expected off, device says on, retry in 2 s",
                ]
            )
            #expect(live.record.log.contains { $0.hasPrefix("error: “Heater”: turn-off failed after 3 attempts: ") })
            try await live.home.clear(heater)
            _ = try await live.command("turn-off", heater.id)
            #expect(!heater.isOn)
            #expect(live.record.alerts[key] == nil)
        }
    }

    @Test func triesAgainWithTheWaitsThatItPromises() async throws {
        try await LiveHome.with([DevicePlan(.hs110, "Heater")]) { settings in
            // No poll may meet the fault in place of the command.
            settings.pollIntervalSeconds = 3600
        } _: { live in
            let heater = try await live.device("Heater")
            try await live.home.order(.silence, on: heater, times: 2)
            let before = live.time.sleeps.count
            let result = try await live.command("turn-on", heater.id)
            #expect(result["attempts"] == 3)
            let sleeps = live.time.sleeps.dropFirst(before).filter { $0 >= .milliseconds(500) && $0 < .seconds(60) }
            #expect(sleeps == [.seconds(1), .seconds(2), .milliseconds(500)])
            #expect(heater.isOn)
        }
    }

    @Test(arguments: [Fault.silence, .refuse, .unreachable])
    func doesNotKnowTheStateAfterALostCommand(fault: Fault) async throws {
        try await LiveHome.with([DevicePlan(.hs110, "Heater", isOn: true)]) { settings in
            settings.pollIntervalSeconds = 3600
        } _: { live in
            let heater = try await live.device("Heater")
            try await live.home.order(fault, on: heater)
            let error = await #expect(throws: PluginError.self) { try await live.command("turn-off", heater.id) }
            #expect(error?.class == .retryable)
            #expect(live.record.latest(heater.id, "on") == .unknown)
            #expect(heater.isOn)
            try await live.home.clear(heater)
            _ = try await live.command("turn-off", heater.id)
            #expect(!heater.isOn)
            #expect(live.record.latest(heater.id, "on") == false)
        }
    }

    @Test func doesNotInsistWhenTheDeviceSaysNo() async throws {
        try await LiveHome.with([DevicePlan(.hs110, "Heater")]) { settings in
            settings.pollIntervalSeconds = 3600
        } _: { live in
            let heater = try await live.device("Heater")
            try await live.home.order(.errorCode(-3), on: heater)
            let error = await #expect(throws: PluginError.self) { try await live.command("turn-on", heater.id) }
            #expect(error?.class == .permanent)
            #expect(error?.message.contains("failed after 1 attempt: the device refuses: it does not accept") == true)
        }
    }

    @Test func neverTakesTheAnswerToAnotherQuestion() async throws {
        try await LiveHome.with([DevicePlan(.hs110, "Heater")]) { live in
            let heater = try await live.device("Heater")
            try await live.home.order(.staleReply, on: heater)
            let error = await #expect(throws: PluginError.self) { try await live.command("turn-on", heater.id) }
            #expect(error?.message.contains("failed after 3 attempts") == true)
            try await live.home.clear(heater)
            _ = try await live.command("turn-off", heater.id)
            #expect(!heater.isOn)
        }
    }

    @Test func letsTheNewestCommandCount() async throws {
        try await LiveHome.with([DevicePlan(.hs110, "Heater")]) { live in
            let heater = try await live.device("Heater")
            try await live.home.order(.silence, on: heater)
            let older = Task { try await live.command("turn-on", heater.id) }
            try await eventually("the first command is under way") {
                live.record.log.contains { $0.contains("turn-on: attempt 1/3 failed") }
            }
            let newer = Task { try await live.command("turn-off", heater.id) }
            try await eventually("the second command is under way") {
                live.record.log.contains("info: “Heater”: turn-off")
            }
            try await live.home.clear(heater)
            let error = await #expect(throws: PluginError.self) { try await older.value }
            #expect(error == .permanent("“Heater”: turn-on was superseded by a newer command"))
            #expect(try await newer.value["outcome"] == "confirmed")
            #expect(!heater.isOn)
            #expect(!live.record.log.contains { $0.hasPrefix("info: “Heater”: turn-on confirmed") })
            #expect(live.record.alertChanges.count { $0.hasPrefix("raise command-failed") } == 0)
        }
    }

    @Test func findsADeviceThatMoved() async throws {
        try await LiveHome.with(.small) { settings in
            settings.discoveryIntervalSeconds = 300
        } _: { live in
            let heater = try await live.device("Heater")
            let old = await live.home.devices[0].address
            let new = try #require(IPv4Address(old.description.dropLast(1) + "77"))
            try await live.home.move(heater, to: new)
            try await eventually("the heater was found again") {
                live.record.log.contains { $0.hasPrefix("info: “Heater” moved from \(old) to \(new)") }
            }
            _ = try await live.command("turn-off", heater.id)
            #expect(!heater.isOn)
            #expect(live.record.devices[heater.id]?["address"] == .text(new.description))
        }
    }

    @Test func neverSwitchesAnotherDeviceThatGotTheAddress() async throws {
        let plans = [DevicePlan(.hs110, "Heater", isOn: true), DevicePlan(.hs103, "Lamp", isOn: true)]
        try await LiveHome.with(plans) { settings in
            settings.pollIntervalSeconds = 3600
        } _: { live in
            let (heater, lamp) = (try await live.device("Heater"), try await live.device("Lamp"))
            let addresses = await live.home.devices.map(\.address)
            try await live.home.move(lamp, to: try #require(IPv4Address("\(addresses[0])".dropLast(1) + "99")))
            try await live.home.move(heater, to: addresses[1])
            let error = await #expect(throws: PluginError.self) { try await live.command("turn-off", lamp.id) }
            #expect(error?.message.contains("another device answers at this address: Heater") == true)
            #expect(heater.isOn && lamp.isOn)
        }
    }

    @Test func warnsOfAWeakSignal() async throws {
        try await LiveHome.with([DevicePlan(.hs103, "Lamp")]) { settings in
            settings.weakSignalDbm = -20
        } _: { live in
            let id = try await live.device("Lamp").id
            #expect(
                live.record.alerts["weak-signal/\(id.lowercased())"]?.hasPrefix("The Wi-Fi signal of “Lamp”") == true
            )
            var settings = live.settings
            settings.weakSignalDbm = -95
            let changes = SettingsChanges(scope: .hot, revision: 2, keys: [:])
            await live.plugin.apply(settings, old: live.settings, changes: changes)
            try await eventually("the alert is cleared") { live.record.alerts.isEmpty }
        }
    }

    @Test func putsACommandBeforeAPollThatHangs() async throws {
        try await LiveHome.with([DevicePlan(.hs110, "Heater")]) { settings in
            settings.contactTimeoutSeconds = 30
            settings.commandAttempts = 1
        } _: { live in
            let heater = try await live.device("Heater")
            let before = heater.counters.requests
            try await live.home.order(.silence, on: heater, times: 1)
            try await eventually("a poll hangs") { heater.counters.requests > before }
            _ = try await live.command("turn-on", heater.id)
            #expect(heater.isOn)
        }
    }
}
