import PluginKit
import Testing

@testable import Kasa

@Suite struct CommandRunTests {
    private let on = SystemInfo(ModelTests.plug)
    private let off: SystemInfo = {
        var answer = ModelTests.plug
        answer["relay_state"] = 0
        return SystemInfo(answer)
    }()

    @Test func confirmsOnlyWhatWasReadBack() {
        var run = CommandRun(.power(true), outlet: nil, policy: CommandPolicy())
        #expect(run.start() == .contact)
        #expect(run.contacted(off) == .send([Query(.relay(true))]))
        #expect(run.sent() == .settle(.milliseconds(500)))
        #expect(run.waited() == .verify)
        #expect(run.verified(on) == .finish(.confirmed(attempts: 1)))
    }

    @Test func sendsEvenWhatSeemsToBeSo() {
        var run = CommandRun(.power(true), outlet: nil, policy: CommandPolicy())
        _ = run.start()
        #expect(run.contacted(on) == .send([Query(.relay(true))]))
    }

    @Test func triesAgainAfterEachKindOfFailureWithGrowingPauses() {
        var run = CommandRun(.power(true), outlet: nil, policy: CommandPolicy())
        _ = run.start()
        #expect(run.failed(.exchange(.refused)) == .wait(.seconds(1)))
        #expect(run.takeFailure()?.description.hasPrefix("attempt 1/3 failed: connection refused") == true)
        #expect(run.takeFailure() == nil)
        #expect(run.waited() == .contact)
        _ = run.contacted(off)
        _ = run.sent()
        _ = run.waited()
        #expect(run.verified(off) == .wait(.seconds(2)))
        #expect(
            run.takeFailure()?.description
                == "attempt 2/3 failed: state mismatch: expected on, device says off, retry in 2 s"
        )
        #expect(run.waited() == .contact)
        let timeout = CommandFailure.exchange(.timedOut(after: .seconds(6)))
        #expect(run.failed(timeout) == .finish(.failed(attempts: 3, timeout)))
        #expect(run.takeFailure() == nil)
    }

    @Test func doesNotInsistWhereTheDeviceSaysNo() {
        var run = CommandRun(.power(true), outlet: nil, policy: CommandPolicy())
        _ = run.start()
        _ = run.contacted(off)
        let no = CommandFailure.exchange(.declined(DeviceRefusal(code: -3)))
        #expect(run.failed(no) == .finish(.failed(attempts: 1, no)))
        #expect(!no.leavesStateUnknown)
    }

    @Test func insistsWhereTheDeviceIsOnlyBusy() {
        var run = CommandRun(.power(true), outlet: nil, policy: CommandPolicy())
        _ = run.start()
        #expect(run.failed(.exchange(.declined(DeviceRefusal(code: -7)))) == .wait(.seconds(1)))
    }

    @Test func repeatsAToggleWithoutUndoingIt() {
        var run = CommandRun(.toggle, outlet: nil, policy: CommandPolicy())
        _ = run.start()
        #expect(run.contacted(off) == .send([Query(.relay(true))]))
        _ = run.failed(.exchange(.timedOut(after: .seconds(6))))
        _ = run.waited()
        #expect(run.contacted(on) == .send([Query(.relay(true))]))
    }

    @Test(arguments: [1, 2, 5])
    func makesExactlyAsManyAttemptsAsItMay(attempts: Int) {
        var run = CommandRun(.power(true), outlet: nil, policy: CommandPolicy(attempts: attempts))
        var step = run.start()
        var pauses: [Duration] = []
        while true {
            if case .finish(let outcome) = step {
                #expect(outcome == .failed(attempts: attempts, .exchange(.refused)))
                break
            }
            if case .wait(let pause) = step {
                pauses.append(pause)
                step = run.waited()
            } else {
                step = run.failed(.exchange(.refused))
            }
        }
        #expect(pauses == (1..<attempts).map { .seconds($0) })
    }
}

@Suite struct PresenceTests {
    @Test func tellsOnceWhenItGoesAndOnceWhenItReturns() {
        var presence = Presence()
        #expect(presence.answered() == .cameOnline)
        #expect(presence.answered() == nil)
        #expect(presence.failed() == .becameDoubtful)
        #expect(presence.failed() == nil)
        #expect(presence.failed() == .wentOffline)
        #expect(presence.failed() == nil)
        #expect(presence.answered() == .cameOnline)
    }

    @Test func pollsSoonAfterAFailureAndSeldomThoseThatStayAway() {
        var presence = Presence()
        func pause() -> Duration { presence.pause(interval: .seconds(10), chance: 0.5) }
        #expect(pause() == .seconds(10))
        var pauses: [Duration] = []
        for _ in 1...7 {
            _ = presence.failed()
            pauses.append(pause())
        }
        #expect(pauses == [1, 2, 10, 20, 40, 60, 60].map { .seconds($0) })
    }

    @Test func spreadsPollsByChance() {
        let presence = Presence()
        #expect(presence.pause(interval: .seconds(10), chance: 0) == .milliseconds(9500))
        #expect(presence.pause(interval: .seconds(10), chance: 1) == .milliseconds(10_500))
    }

    @Test func neverPollsTheAbsentMoreOftenThanTheOthers() {
        var presence = Presence()
        for _ in 1...9 { _ = presence.failed() }
        #expect(presence.pause(interval: .seconds(600), chance: 0.5) == .seconds(600))
    }

    @Test func alertsAWeakSignalOnceWithSomeDistance() {
        var watch = SignalWatch()
        let changes = [-70, -76, -80, -74, -73, -72, -76].map { watch.observe($0, threshold: -75) }
        #expect(changes == [.clear, .raise, nil, nil, nil, .clear, .raise])
    }

    @Test func alertsOncePerContinuousFailure() {
        var watch = ObedienceWatch()
        let changes = [false, false, true, true, false].map { watch.observe(success: $0) }
        #expect(changes == [.raise, nil, .clear, nil, .raise])
    }
}
