import PluginAPI
import PluginKit
import Testing

@Suite struct HostServicesTests {
    private let host = TestHost(OpenPlugin.self)

    private var view: Host { get throws { try OpenPlugin.host(in: host) } }

    @Test func knowsItsDirectories() throws {
        #expect(try view.dataDirectory == host.dataDirectory)
        #expect(try view.packageDirectory == "/package")
    }

    @Test func logsWithFields() throws {
        let log = try view.log
        log.warning("größer", ["a": 1, "b": "x"])
        log.error("plain")
        #expect(host.record.log == [#"2 größer {"a":1,"b":"x"}"#, "3 plain "])
    }

    @Test func doesNotBuildWhatIsNotLogged() throws {
        host.change { $0.leastLevel = Int32(HEARTH_LOG_WARNING) }
        func build() -> String {
            Issue.record("a line below the level was built")
            return ""
        }
        try view.log.info(build())
        #expect(host.record.log.isEmpty)
    }

    @Test func publishesEveryKindOfReading() throws {
        let readings = [
            Reading("plug", "power", 12.5, unit: "W", at: Timestamp(milliseconds: 1234)),
            Reading("plug", "on", true), Reading("plug", "mode", "größer"), Reading("plug", "on", .unknown),
            Reading("", "", -40, unit: "°C", isAnomalous: true),
        ]
        #expect(try view.readings.publish(readings) == .accepted)
        #expect(try view.readings.publish([]) == .accepted)
        #expect(host.record.batches == [readings])
    }

    @Test func splitsWhatIsTooMuchForOneBatch() throws {
        let readings = (0..<10_000).map { Reading("d", "e", .number(Double($0))) }
        #expect(try view.readings.publish(readings) == .accepted)
        #expect(host.record.batches.map(\.count) == [4096, 4096, 1808])
        #expect(host.record.batches.flatMap(\.self) == readings)
    }

    @Test func saysWhenAReportIsDroppedOrRefused() throws {
        host.change { $0.status = HEARTH_BUSY }
        #expect(try view.readings.publish(Reading("a", "b", 1)) == .full)
        #expect(host.record.log.isEmpty)
        host.change { $0.status = HEARTH_INVALID }
        #expect(try view.devices.remove("a b") == .refused)
        #expect(host.record.log.first?.contains("the host refused to remove the device a b") == true)
    }

    @Test func announcesDevices() throws {
        let devices = try view.devices
        let plug = Device(
            id: "1",
            name: "Heater",
            kind: "plug",
            model: "HS110(EU)",
            address: "192.168.1.20",
            entities: [Device.Entity("power", .number, unit: "W")],
            commands: [Device.Action("dim", title: "Dim", arguments: ["type": "object"])],
            details: ["rssi": -60]
        )
        #expect(devices.put(plug) == .accepted)
        devices.setAvailability(.offline, of: "1", reason: "it does not answer")
        devices.remove("1")
        let json = #"""
            {"address":"192.168.1.20","commands":[{"arguments":{"type":"object"},"name":"dim","title":"Dim"}],\#
            "entities":[{"id":"power","kind":"number","unit":"W"}],"id":"1","kind":"plug","model":"HS110(EU)",\#
            "name":"Heater","rssi":-60}
            """#
        #expect(host.record.devices == ["put \(json)", "1 1 it does not answer", "remove 1"])
    }

    @Test func raisesAndClearsAlerts() throws {
        let alerts = try view.alerts
        alerts.raise("plug/1", .critical, "hot", detail: "pull it")
        alerts.clear("plug/1")
        #expect(host.record.alerts == [#"raise ["plug/1", "2", "hot", "pull it"]"#, "clear plug/1"])
    }

    @Test func reportsItsStatus() throws {
        try view.status.report(.degraded, "2 of 5 devices answer")
        #expect(host.record.statuses == ["2 2 of 5 devices answer"])
    }

    @Test func keepsState() async throws {
        struct Token: Codable, Equatable {
            var value: String
            var expires: Timestamp?
        }
        let state = try view.state
        let token = Token(value: "ü", expires: Timestamp(milliseconds: 5))
        try state.set(token, for: "token")
        #expect(host.record.state == ["token": #"{"expires":5,"value":"ü"}"#])
        #expect(try state.value(Token.self, for: "token") == token)
        #expect(try state.value(Int.self, for: "nothing") == nil)
        let error = #expect(throws: PluginError.self) { try state.value(Int.self, for: "token") }
        #expect(
            error?.message == "the state token cannot be read: the document is an object, but must be a whole number"
        )
        try state.remove("token")
        #expect(host.record.state.isEmpty)
        host.change { $0.status = HEARTH_BUSY }
        #expect(throws: PluginError.self) { try state.set(1, for: "x") }
    }

    @Test func flushesState() async throws {
        let view = try view
        let flush = Task { try await view.state.flush() }
        await host.until { $0.questions.map(\.what) == ["flush"] }
        host.answer(json: "")
        try await flush.value
    }

    @Test func aCancelledTaskDoesNotWaitForAnAnswerThatNeverComes() async throws {
        let view = try view
        let flush = Task { try await view.state.flush() }
        await host.until { !$0.questions.isEmpty }
        flush.cancel()
        await #expect(throws: CancellationError.self) { try await flush.value }
        host.answer(json: "")  // finds nobody, and harms nobody
    }

    @Test func sleepsByTheHostsClock() async throws {
        let clock = try view.clock
        #expect(clock.now == Timestamp(milliseconds: 1_700_000_000_000))
        let start = clock.uptime
        let sleep = Task { try await clock.sleep(for: .microseconds(1500)) }
        await host.until { !$0.timers.isEmpty }
        host.advance(milliseconds: 1)
        #expect(host.record.timers.count == 1, "1.5 ms are rounded up")
        host.advance(milliseconds: 1)
        try await sleep.value
        #expect(clock.uptime - start == .milliseconds(2))
        try await clock.sleep(for: .zero)
    }

    /// Ends when somebody else gets a turn.
    private actor Loop {
        private var isOver = false

        func run(_ clock: some TimeSource) async throws {
            while !isOver { try await clock.sleep(for: .zero) }
        }

        func end() { isOver = true }
    }

    @Test(.timeLimit(.minutes(1)))
    func sleepingForNoTimeLetsOthersIn() async throws {
        let (loop, clock) = (Loop(), try view.clock)
        let running = Task { try await loop.run(clock) }
        await loop.end()
        try await running.value
    }

    @Test func sleepsWithoutTheHostsClockToo() async throws {
        host.change { $0.timerLimit = 0 }
        try await view.clock.sleep(for: .milliseconds(1))
        let bare = TestHost(OpenPlugin.self, without: [HEARTH_EXTENSION_CLOCK])
        let clock = try OpenPlugin.host(in: bare).clock
        try await clock.sleep(for: .milliseconds(1))
        #expect(clock.now == Timestamp(milliseconds: 0))
    }

    @Test func aCancelledSleepStopsItsTimer() async throws {
        let clock = try view.clock
        let sleep = Task { try await clock.sleep(for: .seconds(60)) }
        await host.until { !$0.timers.isEmpty }
        sleep.cancel()
        await #expect(throws: CancellationError.self) { try await sleep.value }
        #expect(host.record.timers.isEmpty)
    }

    @Test func getsAlongWithoutEveryExtension() async throws {
        let all = [
            HEARTH_EXTENSION_LOG, HEARTH_EXTENSION_READINGS, HEARTH_EXTENSION_DEVICES, HEARTH_EXTENSION_ALERTS,
            HEARTH_EXTENSION_STATE, HEARTH_EXTENSION_STATUS, HEARTH_EXTENSION_HOME, HEARTH_EXTENSION_EXEC,
        ]
        let bare = TestHost(OpenPlugin.self, without: Set(all))
        let view = try OpenPlugin.host(in: bare)
        view.log.critical("nobody hears this")
        #expect(view.readings.publish(Reading("a", "b", 1)) == .unavailable)
        #expect(view.devices.remove("a") == .unavailable)
        #expect(view.alerts.clear("a") == .unavailable)
        #expect(view.status.report(.running) == .unavailable)
        let unsupported: @Sendable (any Error) -> Bool = { PluginError($0).class == .unsupported }
        #expect(performing: { try view.state.set(1, for: "a") }, throws: unsupported)
        #expect(performing: { try view.state.value(Int.self, for: "a") }, throws: unsupported)
        await #expect(performing: { try await view.state.flush() }, throws: unsupported)
        await #expect(performing: { try await view.home.call("a", Command(name: "b")) }, throws: unsupported)
        await #expect(performing: { for try await _ in view.home.readings(matching: "*/*/*") {} }, throws: unsupported)
        await #expect(performing: { for try await _ in view.exec.run("a") {} }, throws: unsupported)
        #expect(await bare.stop().status == HEARTH_OK)
    }
}

extension TestHost {
    /// Answers the oldest question.
    func answer(_ status: Int = HEARTH_OK, json: String, message: String = "") {
        let question = change { $0.questions.removeFirst() }
        give(question.answer, question.context, status, json, message)
    }

    func give(_ answer: hearth_answer?, _ context: UInt, _ status: Int, _ json: String, _ message: String) {
        json.withBorrowed { json in
            message.withBorrowed { message in
                answer?(UnsafeMutableRawPointer(bitPattern: context), Int32(status), json, message)
            }
        }
    }
}
