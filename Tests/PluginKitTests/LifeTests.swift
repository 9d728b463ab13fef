import PluginAPI
import PluginKit
import Testing

@Suite struct LifeTests {
    private let good = #"{"name": "a", "poll_seconds": 5}"#

    @Test func saysWhatItIs() {
        let host = TestHost(TalkativePlugin.self)
        #expect(String(borrowed: host.plugin.pointee.id) == "talkative")
        #expect(String(borrowed: host.plugin.pointee.version) == "1.2.3")
        #expect(host.plugin.pointee.abi_major == 1)
        #expect(host.plugin.pointee.struct_size == MemoryLayout<hearth_plugin>.size)
        #expect(host.plugin == Export<TalkativePlugin>.entry, "the table must be static")
    }

    @Test func reportsWhyItCannotBeMade() {
        let host = TestHost(ImpossiblePlugin.self)
        #expect(host.created == .init(status: HEARTH_PERMANENT, message: "there is no such machine"))
        #expect(host.instance == nil)
    }

    @Test func startsWithItsSettings() async {
        let host = TestHost(TalkativePlugin.self)
        #expect(await host.start(good) == .init(status: HEARTH_OK))
        #expect(host.record.log == ["1 start a 5 "])
    }

    @Test(arguments: [
        (#"{"name": "a"}"#, "settings: /pollSeconds is missing"),
        (#"{"name": 1, "poll_seconds": 5}"#, "settings: /name is a number, but must be a text"),
        (#"{"name": "a", "poll_seconds": 1e300}"#, "settings: /poll_seconds is 1e+300, but must be a whole number"),
        ("{", "settings: this is not JSON: a member's name was expected at byte 1"),
    ])
    func namesTheSettingThatDoesNotFit(settings: String, message: String) async {
        let outcome = await TestHost(TalkativePlugin.self).start(settings)
        #expect(outcome.status == HEARTH_INVALID_SETTINGS)
        #expect(outcome.message.hasPrefix(message), "\(outcome.message)")
    }

    @Test func handsOnTheClassOfAFailure() async {
        let host = TestHost(TalkativePlugin.self)
        let outcome = await host.start(#"{"name": "a", "poll_seconds": 5, "failure": "auth"}"#)
        #expect(outcome == .init(status: HEARTH_AUTH, message: "the password is wrong; set it again"))
    }

    @Test func countsAnErrorOfNoClassAsABug() async {
        let host = TestHost(TalkativePlugin.self)
        let outcome = await host.start(#"{"name": "a", "poll_seconds": 5, "failure": "unknown"}"#)
        #expect(outcome.status == HEARTH_INTERNAL)
        #expect(outcome.message.contains("Odd"))
    }

    @Test func stopsFromAnyStateAndStartsAgain() async {
        let host = TestHost(TalkativePlugin.self)
        #expect(await host.stop().status == HEARTH_OK)
        #expect(host.record.log.isEmpty, "what was never started need not be stopped")
        _ = await host.start("{}")
        #expect(await host.stop().status == HEARTH_OK)
        #expect(await host.start(good).status == HEARTH_OK)
        #expect(await host.stop().status == HEARTH_OK)
        #expect(host.record.log == ["1 stop ", "1 start a 5 ", "1 stop "])
    }

    @Test func aStopCancelsAStartUnderWay() async {
        let host = TestHost(TalkativePlugin.self)
        let start = host.begin(start: #"{"name": "a", "poll_seconds": 5, "failure": "slow"}"#)
        await host.until { $0.timers.count == 1 }
        #expect(await host.stop().status == HEARTH_OK)
        #expect(await start.value.status == HEARTH_RETRYABLE)
        #expect(host.record.timers.isEmpty)
    }

    @Test func aStopCancelsRunningCommandsAndRefusesWaitingOnes() async {
        let host = TestHost(TalkativePlugin.self)
        _ = await host.start(good)
        let commands = (0..<20).map { _ in host.begin(command: "wait") }
        await host.until { $0.timers.count == 20 }
        let stop = await host.stop()
        #expect(stop.status == HEARTH_OK)
        for command in commands { #expect(await command.value.status == HEARTH_RETRYABLE) }
        #expect(host.record.log.last == "1 stop ")
    }

    @Test func commandsBeginInTheOrderInWhichTheyCame() async {
        let host = TestHost(TalkativePlugin.self)
        _ = await host.start(good)
        let commands = (0..<2000).map { host.begin(command: "append", #"{"position": \#($0)}"#) }
        for command in commands { #expect(await command.value.status == HEARTH_OK) }
        let expected = JSON.array((0..<2000).map { .integer($0) })
        #expect(await host.command("order").json == expected.encoded())
    }

    @Test func commandsRunBesideEachOther() async {
        let host = TestHost(TalkativePlugin.self)
        _ = await host.start(good)
        let waiting = host.begin(command: "wait")
        await host.until { $0.log.contains("1 waiting ") && !$0.timers.isEmpty }
        #expect(await host.command("echo", #"{"a":[1,2.5,"x",null,true]}"#).json == #"{"a":[1,2.5,"x",null,true]}"#)
        host.advance(milliseconds: 3_600_000)
        #expect(await waiting.value == .init(status: HEARTH_OK))
    }

    @Test func aCommandWaitsForTheStartBeforeIt() async {
        let host = TestHost(TalkativePlugin.self)
        let start = host.begin(start: #"{"name": "a", "poll_seconds": 5, "failure": "slow"}"#)
        let command = host.begin(command: "echo")
        await host.until { $0.timers.count == 1 }
        #expect(host.record.outcomes[command.number] == nil)
        host.advance(milliseconds: 3_600_000)
        #expect(await start.value.status == HEARTH_OK)
        #expect(await command.value.status == HEARTH_OK)
    }

    @Test func aCommandKnowsItsDeviceAndTimeout() async {
        let host = TestHost(TalkativePlugin.self)
        _ = await host.start(good)
        #expect(await host.command("describe", device: "x").json == #"{"device":"x","timeout":"1.5 seconds"}"#)
        #expect(await host.command("describe").json == #"{"device":"none","timeout":"1.5 seconds"}"#)
    }

    @Test func aCommandFailsWithItsClass() async {
        let host = TestHost(TalkativePlugin.self)
        _ = await host.start(good)
        #expect(await host.command("fly") == .init(status: HEARTH_UNSUPPORTED, message: "no fly"))
        let misread = await host.command("append", #"{"position": "x"}"#)
        #expect(misread.status == HEARTH_PERMANENT)
        #expect(misread.message == "/position is a text, but must be a whole number")
        #expect(await TestHost(BarePlugin.self).command("fly").message == "bare has no command fly")
    }

    @Test func takesNewSettingsAndKeepsTheOldOnesIfTheyAreBad() async {
        let host = TestHost(TalkativePlugin.self)
        _ = await host.start(good)
        let changes = #"{"/name":{"old":"a","new":"b"}}"#
        #expect(await host.apply(#"{"name": "b", "poll_seconds": 5}"#, changes: changes).status == HEARTH_OK)
        let refused = await host.apply(#"{"name": "bad", "poll_seconds": 5}"#)
        #expect(refused == .init(status: HEARTH_INVALID_SETTINGS, message: "bad is not a good name"))
        _ = await host.apply(#"{"name": "c", "poll_seconds": 5}"#, scope: HEARTH_SCOPE_CLIENT)
        #expect(
            host.record.log == ["1 start a 5 ", "1 apply a b hot true ", "1 apply b c client false "]
        )
    }

    @Test func refusesNewSettingsWhileItDoesNotRun() async {
        #expect(await TestHost(TalkativePlugin.self).apply(good).status == HEARTH_RETRYABLE)
    }

    @Test func isStoppedAndStartedForNewSettingsUnlessItTakesThem() async {
        let host = TestHost(BarePlugin.self)
        _ = await host.start(#"{"name": "a"}"#)
        #expect(await host.apply(#"{"name": "b"}"#).status == HEARTH_OK)
        #expect(await host.apply(#"{"name": "bad"}"#) == .init(status: HEARTH_PERMANENT, message: "bad never works"))
        let lines = ["start a", "stop", "start b", "stop", "start bad", "stop", "start b"]
        #expect(host.record.log == lines.map { "1 \($0) " })
    }

    @Test func tellsItsHealth() async {
        let host = TestHost(TalkativePlugin.self)
        #expect(await host.health() == .init(status: HEARTH_OK, json: #"{"order":0}"#))
        #expect(await TestHost(BarePlugin.self).health() == .init(status: HEARTH_OK, json: "{}"))
    }

    @Test func doesNothingAnyMoreAfterItIsDestroyed() async throws {
        let host = TestHost(OpenPlugin.self)
        let view = try OpenPlugin.host(in: host)
        let sleep = Task { try await view.clock.sleep(for: .seconds(5)) }
        await host.until { $0.timers.count == 1 }
        host.destroy()
        await #expect(throws: CancellationError.self) { try await sleep.value }
        #expect(view.readings.publish(Reading("a", "b", 1)) == .unavailable)
        view.log.info("too late")
        #expect(host.record.log.isEmpty)
        // A timer that fires all the same finds nobody.
        host.advance(milliseconds: 5000)
    }
}
