import HostAPI
import Synchronization
import Testing

@testable import Runtime

@Suite struct LogBudgetTests {
    private let now = Timestamp(milliseconds: 0)

    @Test func aBurstPassesAndAFloodIsCutAndCounted() {
        var budget = LogBudget(now: now)
        for _ in 0..<LogBudget.burst { #expect(budget.take(at: now) == .keep(droppedBefore: 0)) }
        for _ in 0..<7 { #expect(budget.take(at: now) == .drop) }
        #expect(budget.take(at: now + .seconds(1)) == .keep(droppedBefore: 7))
        #expect(budget.take(at: now + .seconds(1)) == .keep(droppedBefore: 0))
    }

    @Test func aClockThatJumpsBackGivesNothing() {
        var budget = LogBudget(now: now + .seconds(100))
        for _ in 0..<LogBudget.burst { _ = budget.take(at: now + .seconds(100)) }
        #expect(budget.take(at: now) == .drop)
    }
}

@Suite struct DeviceRegistryTests {
    private func device(_ id: String, _ name: String) -> Device {
        Device(plugin: "kasa", id: id, name: name, handle: "", kind: "plug")
    }

    @Test func handlesComeFromNamesAndAreUnique() {
        let registry = DeviceRegistry()
        #expect(registry.put(device("1", "Living room — Lamp!")).device.handle == "living-room-lamp")
        #expect(registry.put(device("2", "Living Room lamp")).device.handle == "living-room-lamp-2")
        #expect(registry.put(device("3", "灯")).device.handle == "3")
    }

    @Test func aDeviceIsFoundByIdHandleAndName() throws {
        let registry = DeviceRegistry()
        _ = registry.put(device("8006AB", "Heater"))
        for name in ["8006AB", "heater", "HEATER"] {
            #expect(try registry.find(name, ofPlugin: "kasa").id == "8006AB")
        }
    }

    @Test func aMisspeltNameGetsASuggestion() throws {
        let registry = DeviceRegistry()
        _ = registry.put(device("8006AB", "Heater"))
        let failure = try #require(throws: Failure.self) { try registry.find("haeter", ofPlugin: "kasa") }
        #expect(failure.code == .noSuchDevice)
        #expect(failure.hint == "did you mean \"heater\"?")
    }

    @Test func aNameThatFitsSeveralIsRefused() throws {
        let registry = DeviceRegistry()
        _ = registry.put(device("1", "Lämp"))
        _ = registry.put(device("2", "Lämp"))
        let failure = try #require(throws: Failure.self) { try registry.find("LÄMP", ofPlugin: "kasa") }
        #expect(failure.code == .invalidArgument)
    }

    @Test func aNewNameMovesTheHandleAndKeepsAvailability() {
        let registry = DeviceRegistry()
        _ = registry.put(device("1", "Heater"))
        _ = registry.setAvailability(.offline, reason: "it is silent", of: "1", ofPlugin: "kasa")
        let renamed = registry.put(device("1", "Fridge")).device
        #expect(renamed.handle == "fridge")
        #expect(renamed.reason == "it is silent")
        #expect(registry.put(device("2", "Heater")).device.handle == "heater")
    }

    @Test func theSameAnnouncementChangesNothing() {
        let registry = DeviceRegistry()
        #expect(registry.put(device("1", "Heater")).isChanged)
        #expect(!registry.put(device("1", "Heater")).isChanged)
    }
}

@Suite struct DeviceAnnouncementTests {
    @Test(arguments: [
        "[]", "null", "{}", #"{"id": ""}"#, #"{"id": "a/b"}"#, #"{"id": 3}"#, #"{"id": "a", "name": 4}"#,
        #"{"id": "a", "entities": {}}"#, #"{"id": "a", "entities": [{}]}"#, #"{"id": "a", "commands": ["on"]}"#,
    ])
    func whatIsNoDeviceIsRefused(text: String) {
        #expect(throws: DeviceAnnouncement.Rejection.self) {
            try DeviceAnnouncement.device(parsing: text, plugin: "kasa")
        }
    }

    @Test func unknownMembersAreNoMistake() throws {
        let text = #"{"id": "8006", "name": "Heater", "kind": "plug", "room": "bath", "entities": [{"id": "power"}]}"#
        let device = try DeviceAnnouncement.device(parsing: text, plugin: "kasa")
        #expect(device.name == "Heater")
        #expect(device.entities == [Entity(id: "power")])
    }
}

@Suite struct EventBusTests {
    private func bus() -> EventBus {
        EventBus(clock: { Timestamp(milliseconds: 5) })
    }

    @Test func whoComesLateGetsWhatIsRemembered() async throws {
        let bus = bus()
        for number in 1...3 { bus.publish("host", "event \(number)") }
        var iterator = bus.events(after: 1).makeAsyncIterator()
        #expect(try await iterator.next()?.message == "event 2")
        #expect(try await iterator.next()?.message == "event 3")
        bus.publish("host", "event 4")
        #expect(try await iterator.next()?.number == 4)
    }

    @Test func readingsAreNotRemembered() async throws {
        let bus = bus()
        bus.publish("reading", "21.5", isRemembered: false)
        bus.publish("host", "kept")
        var iterator = bus.events(after: 0).makeAsyncIterator()
        #expect(try await iterator.next()?.message == "kept")
    }

    @Test func streamsEndWithTheHost() async throws {
        let bus = bus()
        let before = bus.events(after: nil)
        bus.close()
        for try await _ in before { Issue.record("no event was published") }
        for try await _ in bus.events(after: nil) { Issue.record("no event was published") }
    }
}

@Suite struct ProcessNumbersTests {
    @Test func memoryIsReadFromTheRollup() {
        let rollup = """
            55d0c5a00000-7ffd3b5f9000 ---p 00000000 00:00 0    [rollup]
            Rss:                4712 kB
            Pss:                 378 kB
            Pss_Dirty:           120 kB
            Private_Clean:        20 kB
            Private_Dirty:       236 kB
            """
        let sizes = MemorySizes(rollup: rollup)
        #expect(sizes.proportionalBytes == 378 * 1_024)
        #expect(sizes.privateBytes == 256 * 1_024)
    }

    @Test func aNameWithParenthesesIsNoTrap() throws {
        let fields = (4...52).map(String.init).joined(separator: " ")
        let times = try #require(CPUTimes(stat: "42 (a ) b) S \(fields)"))
        #expect(times.ticks == 14 + 15)
        #expect(times.threads == 20)
        #expect(CPUTimes(stat: "nonsense") == nil)
    }
}

@Suite struct LineSplitterTests {
    @Test func linesAreFoundAcrossPieces() {
        var splitter = LineSplitter()
        #expect(splitter.append(Array("one\ntw".utf8)) == ["one"])
        #expect(splitter.append(Array("o\r\n\nrest".utf8)) == ["two", ""])
        #expect(splitter.finish() == "rest")
        #expect(splitter.finish() == nil)
    }

    @Test func aLineWithoutEndIsCut() {
        var splitter = LineSplitter()
        let lines = splitter.append(Array(repeating: UInt8(ascii: "x"), count: LineSplitter.maximumLine + 5))
        #expect(lines.map(\.utf8.count) == [LineSplitter.maximumLine])
    }

    @Test func whatIsNotUTF8IsRepaired() {
        var splitter = LineSplitter()
        #expect(splitter.append([0x61, 0xFF, 0x0A]) == ["a\u{FFFD}"])
    }
}

@Suite struct HostHealthTests {
    @Test func namesTheFirstThatNeedsTheUser() {
        let plugins = [
            PluginSummary(id: "a", name: "a", version: "1", state: .running),
            PluginSummary(id: "b", name: "b", version: "1", state: .auth, message: "wrong password"),
            PluginSummary(id: "c", name: "c", version: "1", state: .failed),
        ]
        let (health, summary) = HostHealth.judge(plugins: plugins, openAlerts: 3, gravestAlert: "x")
        #expect(health == "attention")
        #expect(
            summary
                == "b waits for new credentials: wrong password; 1 more plugin needs attention. See: hostctl show b"
        )
    }

    @Test(arguments: [
        (PluginState.auth, "a waits for new credentials"), (.crashLooping, "a crashes again and again"),
        (.failed, "a cannot run"), (.quarantined, "a is quarantined"),
    ])
    func saysWhatANeedyPluginDoes(state: PluginState, said: String) {
        func summary(_ messages: String...) -> String {
            let plugins = messages.map { PluginSummary(id: "a", name: "a", version: "1", state: state, message: $0) }
            return HostHealth.judge(plugins: plugins, openAlerts: 0, gravestAlert: nil).summary
        }
        #expect(summary("") == "\(said). See: hostctl show a")
        #expect(summary("Sign in: again.") == "\(said): Sign in: again. See: hostctl show a")
        #expect(
            summary("Sign in.", "", "") == "\(said): Sign in; 2 more plugins need attention. See: hostctl show a"
        )
    }

    @Test func aStandingAlertNeedsAttention() {
        let (health, summary) = HostHealth.judge(plugins: [], openAlerts: 1, gravestAlert: "The disk is full")
        #expect(health == "attention")
        #expect(summary == "The disk is full. See: hostctl alerts")
    }

    @Test(arguments: [
        (1, "The disk is full. See: hostctl alerts"),
        (2, "The disk is full; 1 more alert is open. See: hostctl alerts"),
        (4, "The disk is full; 3 more alerts are open. See: hostctl alerts"),
    ])
    func countsTheOtherAlerts(open: Int, said: String) {
        let summary = HostHealth.judge(plugins: [], openAlerts: open, gravestAlert: "The disk is full.").summary
        #expect(summary == said)
    }

    @Test func disabledAndStoppedPluginsAreFine() {
        let plugins = [
            PluginSummary(id: "a", name: "a", version: "1", state: .disabled),
            PluginSummary(id: "b", name: "b", version: "1", state: .running),
        ]
        #expect(HostHealth.judge(plugins: plugins, openAlerts: 0, gravestAlert: nil).health == "ok")
    }
}

@Suite struct SlowReaderTests {
    @Test func aReaderOfEventsThatFallsBehindIsTold() async throws {
        let bus = EventBus(clock: { Timestamp(milliseconds: 5) })
        let slow = bus.events(after: nil)
        for number in 0..<10_000 { bus.publish("reading", "\(number)", isRemembered: false) }
        var last: UInt64 = 0
        let failure = await #expect(throws: Failure.self) {
            for try await event in slow {
                #expect(event.number == last + 1, "no gap before the end")
                last = event.number
            }
        }
        #expect(failure?.code == .busy)
        #expect(!bus.hasListeners)
    }

    @Test func aReaderOfALogThatFallsBehindIsTold() async throws {
        let logs = PluginLogs(clock: { Timestamp(milliseconds: 5) })
        let slow = logs.lines(LogQuery(plugin: "kasa", limit: 0, follows: true))
        for number in 0..<10_000 { logs.note("kasa", .info, "\(number)") }
        var count = 0
        await #expect(throws: Failure.fellBehind) {
            for try await line in slow {
                #expect(line.message == "\(count)")
                count += 1
            }
        }
        #expect(count == PluginLogs.backlog)
    }
}
