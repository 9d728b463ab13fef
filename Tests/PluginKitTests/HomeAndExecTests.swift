import PluginAPI
import PluginKit
import Testing

@Suite struct HomeAndExecTests {
    private let host = TestHost(OpenPlugin.self)

    private var view: Host { get throws { try OpenPlugin.host(in: host) } }

    @Test func followsOtherPluginsReadingsUntilTheLoopEnds() async throws {
        let home = try view.home
        let task = Task {
            var seen: [SeriesReading] = []
            for try await batch in home.readings(matching: "kasa/*/power") {
                seen += batch
                if seen.count == 3 { break }
            }
            return seen
        }
        await host.until { $0.subscriptions.count == 1 }
        let subscription = try #require(host.record.subscriptions.values.first)
        #expect(subscription.pattern == "kasa/*/power")
        host.give(subscription.answer, subscription.context, HEARTH_OK, "", "")
        publish([("kasa/a", 1), ("kasa/b", 2)], to: subscription)
        publish([("kasa/a", 3)], to: subscription)
        let seen = try await task.value
        #expect(seen.map(\.plugin) == ["kasa", "kasa", "kasa"])
        #expect(seen.map(\.reading.device) == ["a", "b", "a"])
        #expect(seen.map(\.reading.value) == [1, 2, 3])
        #expect(seen.first?.reading.unit == "W")
        await host.until { $0.subscriptions.isEmpty }
    }

    @Test func saysThatASubscriptionIsDenied() async throws {
        let home = try view.home
        let task = Task { for try await _ in home.readings(matching: "a/b/c") {} }
        await host.until { $0.subscriptions.count == 1 }
        let subscription = try #require(host.record.subscriptions.values.first)
        host.give(subscription.answer, subscription.context, HEARTH_DENIED, "", "the manifest lacks read-series")
        await #expect(throws: PluginError(.denied, "the manifest lacks read-series")) { try await task.value }
        await host.until { $0.subscriptions.isEmpty }
    }

    @Test func refusesAPatternThatIsNone() async throws {
        let home = try view.home
        await #expect(throws: PluginError(.invalid, "power is not plugin/device/entity")) {
            for try await _ in home.readings(matching: "power") {}
        }
    }

    @Test func commandsOtherPluginsDevices() async throws {
        let home = try view.home
        let command = Command(device: "a", name: "dim", arguments: ["to": 5], timeout: .milliseconds(2500))
        let call = Task { try await home.call("kasa", command) }
        await host.until { $0.questions.count == 1 }
        #expect(host.record.questions.first?.what == #"kasa ["a", "dim", "{\"to\":5}"] 2500 ms"#)
        host.answer(json: #"{"level":5}"#)
        #expect(try await call.value == ["level": 5])

        let failing = Task { try await home.call("kasa", command) }
        await host.until { $0.questions.count == 1 }
        host.answer(HEARTH_RETRYABLE, json: "", message: "it is off")
        await #expect(throws: PluginError.retryable("it is off")) { try await failing.value }
    }

    @Test func runsAProgramAndStreamsItsOutput() async throws {
        let exec = try view.exec
        let task = Task {
            var events: [Host.Exec.Event] = []
            for try await event in exec.run("yt-dlp", ["id": "x"]) { events.append(event) }
            return events
        }
        await host.until { $0.runs.count == 1 }
        let run = try #require(host.record.runs.values.first)
        #expect(run.program == "yt-dlp")
        #expect(run.arguments == #"{"id":"x"}"#)
        let context = UnsafeMutableRawPointer(bitPattern: run.context)
        run.output(context, Int32(HEARTH_EXEC_STDOUT), [0xFF, 0x00], 2)
        run.output(context, Int32(HEARTH_EXEC_STDERR), [0x41], 1)
        host.give(run.answer, run.context, HEARTH_OK, #"{"exit":3}"#, "")
        let expected: [Host.Exec.Event] = [
            .output(.standardOutput([0xFF, 0x00])), .output(.standardError([0x41])), .ended(.exit(3)),
        ]
        #expect(try await task.value == expected)
    }

    @Test func saysWhyAProgramWasEnded() async throws {
        let exec = try view.exec
        let task = Task {
            for try await event in exec.run("a") { if case .ended(let end) = event { return end as ExecEnd? } }
            return nil
        }
        await host.until { $0.runs.count == 1 }
        let run = try #require(host.record.runs.values.first)
        host.give(run.answer, run.context, HEARTH_OK, #"{"signal":9,"reason":"timeout"}"#, "")
        #expect(try await task.value == .signal(9, reason: "timeout"))
    }

    @Test func aCancelledTaskEndsItsRun() async throws {
        let exec = try view.exec
        let task = Task { for try await _ in exec.run("a") {} }
        await host.until { $0.runs.count == 1 }
        task.cancel()
        await host.until { $0.runs.isEmpty }
        _ = await task.result
    }

    private func publish(_ values: [(device: String, value: Double)], to subscription: TestHost.Subscription) {
        "power".withBorrowed { entity in
            "W".withBorrowed { unit in
                for (device, value) in values {
                    device.withBorrowed { device in
                        var reading = hearth_reading(
                            struct_size: UInt32(MemoryLayout<hearth_reading>.stride),
                            kind: 0,
                            flags: 0,
                            reserved: 0,
                            device: device,
                            entity: entity,
                            unit: unit,
                            text: hearth_string(),
                            value: value,
                            time_ms: 7
                        )
                        subscription.receive(UnsafeMutableRawPointer(bitPattern: subscription.context), &reading, 1)
                    }
                }
            }
        }
    }
}
