import HostAPI
import Testing

@testable import Runtime

@Suite struct PluginLifecycleTests {
    private let now = Timestamp(milliseconds: 1_000_000_000)

    private func make(_ rest: PluginLifecycle.Rest = .stopped, isProbed: Bool = true) -> PluginLifecycle {
        PluginLifecycle(id: "kasa", rest: rest, isProbed: isProbed, deaths: [])
    }

    /// A lifecycle after these events, one second apart.
    private func make(after events: [PluginLifecycle.Event], isProbed: Bool = true) -> PluginLifecycle {
        var lifecycle = make(isProbed: isProbed)
        for (second, event) in events.enumerated() {
            _ = lifecycle.handle(event, at: now + .seconds(second), chance: 0.5)
        }
        return lifecycle
    }

    private let ok = PluginLifecycle.Event.started(Answer(status: .ok))

    @Test func codeThatIsNewIsProbedFirst() {
        var lifecycle = make(isProbed: false)
        #expect(lifecycle.handle(.start, at: now, chance: 0).contains(.probe))
        #expect(lifecycle.phase == .probing)
        #expect(lifecycle.handle(.probed(.ok, ""), at: now, chance: 0) == [.launch])
        #expect(lifecycle.phase == .starting)
    }

    @Test func knownCodeStartsAtOnce() {
        var lifecycle = make()
        #expect(lifecycle.handle(.start, at: now, chance: 0).contains(.launch))
        _ = lifecycle.handle(ok, at: now, chance: 0)
        #expect(lifecycle.phase == .running(since: now))
        #expect(lifecycle.isSettled)
    }

    @Test func crashesOfOtherCodeDoNotCount() {
        let deaths = (1...RestartPolicy.crashLimit).map { now - .seconds($0) }
        var lifecycle = PluginLifecycle(id: "kasa", rest: .stopped, isProbed: true, deaths: deaths)
        lifecycle.codeReplaced()
        #expect(lifecycle.handle(.begin, at: now, chance: 0.5).contains(.launch))
        #expect(lifecycle.phase == .starting)
    }

    @Test(arguments: [LoadOutcome.probeCrashed, .probeTimeout])
    func codeThatFailsItsProbeIsQuarantined(outcome: LoadOutcome) {
        var lifecycle = make(after: [.start], isProbed: false)
        let actions = lifecycle.handle(.probed(outcome, "it hangs"), at: now, chance: 0)
        #expect(actions.first == .quarantine("it hangs"))
        #expect(lifecycle.phase == .resting(.quarantined("it hangs")))
        #expect(lifecycle.handle(.start, at: now, chance: 0) == [], "only lifting the quarantine helps")
    }

    @Test func quarantinedCodeThatWasStoppedIsStillQuarantinedWhenItIsStarted() {
        let events: [PluginLifecycle.Event] = [.start, .probed(.probeCrashed, "it fell"), .stop(.stopped), .start]
        var lifecycle = make(after: events, isProbed: false)
        #expect(lifecycle.phase == .probing)
        #expect(lifecycle.handle(.probed(.quarantined, "it fell"), at: now, chance: 0) == [])
        #expect(lifecycle.phase == .resting(.quarantined("it fell")))
    }

    @Test func aStartDoesNotWaitForThePauseThatWouldFollowAFailedOne() {
        let failed = PluginLifecycle.Event.started(Answer(status: .retryable, message: "not yet"))
        var lifecycle = make(after: [.start, failed])
        guard case .stopping(.pause) = lifecycle.phase else {
            Issue.record("it is \(lifecycle.phase)")
            return
        }
        #expect(lifecycle.handle(.start, at: now, chance: 0) == [])
        #expect(lifecycle.handle(.exited(.status(0)), at: now, chance: 0) == [.launch])
    }

    @Test func codeThatCannotBeLoadedFailsWithoutQuarantine() {
        var lifecycle = make(after: [.start], isProbed: false)
        let actions = lifecycle.handle(.probed(.entryMissing, "no entry"), at: now, chance: 0)
        #expect(actions == [.raise(.failed, .error, title: "kasa cannot start", detail: "no entry")])
        #expect(lifecycle.phase == .resting(.failed(.entryMissing, "no entry")))
    }

    @Test func anUnexpectedEndIsADeathAndRestartsAtOnce() {
        var lifecycle = make(after: [.start, ok])
        let actions = lifecycle.handle(.exited(.signal(11)), at: now + .seconds(9), chance: 0.5)
        #expect(actions.dropFirst() == [.countRestart, .launch])
        #expect(lifecycle.phase == .starting)
    }

    @Test(arguments: [
        ExitStatusOfProcess.status(0), .status(3), .signal(4), .signal(6), .signal(7), .signal(9), .signal(11),
    ])
    func everyKindOfDeathCounts(status: ExitStatusOfProcess) {
        var lifecycle = make(after: [.start, ok])
        for second in 1...4 {
            _ = lifecycle.handle(.exited(status), at: now + .seconds(second), chance: 0.5)
            _ = lifecycle.handle(.pauseOver, at: now + .seconds(second), chance: 0.5)
            _ = lifecycle.handle(ok, at: now + .seconds(second), chance: 0.5)
        }
        let actions = lifecycle.handle(.exited(status), at: now + .seconds(6), chance: 0.5)
        guard case .resting(.crashLooping(let message)) = lifecycle.phase else {
            Issue.record("not crash-looping but \(lifecycle.phase)")
            return
        }
        #expect(message.contains("\(status)"))
        #expect(actions.contains { if case .raise(.crashLooping, _, _, _) = $0 { true } else { false } })
    }

    @Test func theReasonOfAKillIsTheCauseOfTheDeath() {
        var lifecycle = make(after: [.start, ok])
        #expect(lifecycle.handle(.misbehaved("no heartbeat"), at: now, chance: 0) == [.killWorker])
        let actions = lifecycle.handle(.exited(.signal(9)), at: now, chance: 0)
        #expect(actions.first == .recordDeath("killed: no heartbeat"))
    }

    @Test func exitStatus78IsPermanent() {
        var lifecycle = make(after: [.start, ok])
        _ = lifecycle.handle(.exited(.status(78)), at: now, chance: 0)
        guard case .resting(.failed(.startFailed, _)) = lifecycle.phase else {
            Issue.record("not failed but \(lifecycle.phase)")
            return
        }
    }

    @Test func credentialsThatFailAreNotTriedAgain() {
        var lifecycle = make(after: [.start])
        let answer = Answer(status: .auth, message: "wrong password")
        let actions = lifecycle.handle(.started(answer), at: now, chance: 0)
        #expect(actions.first == .stopWorker)
        _ = lifecycle.handle(.exited(.status(0)), at: now, chance: 0)
        #expect(lifecycle.phase == .resting(.auth("wrong password")))
    }

    @Test(arguments: [PluginStatus.retryable, .internalError, .busy])
    func aStartThatMaySucceedLaterIsTriedAgainAfterAPause(status: PluginStatus) {
        var lifecycle = make(after: [.start])
        let answer = Answer(status: status, message: "not yet")
        #expect(lifecycle.handle(.started(answer), at: now, chance: 0.5) == [.stopWorker])
        #expect(lifecycle.handle(.exited(.status(0)), at: now, chance: 0.5) == [.schedulePause(.seconds(1))])
        #expect(lifecycle.phase == .pausing("not yet"))
        #expect(lifecycle.handle(.pauseOver, at: now, chance: 0.5) == [.launch])
    }

    @Test(arguments: [PluginStatus.permanent, .invalidSettings, .unsupported])
    func aStartThatCannotSucceedWaitsForTheUser(status: PluginStatus) {
        var lifecycle = make(after: [.start])
        _ = lifecycle.handle(.started(Answer(status: status, message: "no")), at: now, chance: 0)
        _ = lifecycle.handle(.exited(.status(0)), at: now, chance: 0)
        #expect(lifecycle.phase == .resting(.failed(.startFailed, "no")))
    }

    @Test func aHostThatStartsDoesNotBeginACrashLoopAnew() {
        let deaths = (1...5).map { now - .seconds($0 * 10) }
        var lifecycle = PluginLifecycle(id: "kasa", rest: .stopped, isProbed: true, deaths: deaths)
        _ = lifecycle.handle(.begin, at: now, chance: 0)
        guard case .resting(.crashLooping) = lifecycle.phase else {
            Issue.record("not crash-looping but \(lifecycle.phase)")
            return
        }
        #expect(lifecycle.handle(.start, at: now, chance: 0).last == .launch, "the user may try again")
    }

    @Test(arguments: [true, false]) func aWorkerThatCannotBeStartedIsTriedAgainLater(isProbed: Bool) {
        var lifecycle = make(after: [.start], isProbed: isProbed)
        let actions = lifecycle.handle(.spawnFailed("no descriptors are left"), at: now, chance: 0.5)
        #expect(actions == [.schedulePause(.seconds(1))])
        #expect(lifecycle.phase == .pausing("no worker could be started: no descriptors are left"))
        #expect(lifecycle.handle(.pauseOver, at: now, chance: 0) == [isProbed ? .launch : .probe])
    }

    @Test func healthIsLookedAtAgainWhenTheDaysDeathsAreOld() {
        let deaths = (1...10).map { now - .seconds($0 * 3_600) }
        var lifecycle = PluginLifecycle(id: "kasa", rest: .stopped, isProbed: true, deaths: deaths)
        _ = lifecycle.handle(.begin, at: now, chance: 0)
        #expect(lifecycle.handle(ok, at: now, chance: 0).last == .scheduleHealthCheck(.seconds(60)))
        let later = now + .seconds(60)
        let actions = lifecycle.handle(.healthy, at: later, chance: 0)
        #expect(actions == [.clear(.crashLooping), .scheduleHealthCheck(.seconds(86_400 - 36_000 - 60))])
        let end = now + .seconds(86_400 - 36_000)
        #expect(lifecycle.handle(.healthy, at: end, chance: 0).contains(.clear(.frequentCrashes)))
    }

    @Test func stoppingIsNotADeath() {
        var lifecycle = make(after: [.start, ok])
        #expect(lifecycle.handle(.stop(.stopped), at: now, chance: 0) == [.stopWorker])
        #expect(!lifecycle.isSettled)
        #expect(lifecycle.handle(.exited(.signal(9)), at: now, chance: 0) == [])
        #expect(lifecycle.phase == .resting(.stopped))
    }

    @Test func aRestartStartsAgainOnceTheOldWorkerIsGone() {
        var lifecycle = make(after: [.start, ok])
        #expect(lifecycle.handle(.restart, at: now, chance: 0) == [.stopWorker])
        #expect(lifecycle.handle(.exited(.status(0)), at: now, chance: 0) == [.launch])
    }

    @Test func aStartWhileStoppingFollowsTheStop() {
        var lifecycle = make(after: [.start, ok, .stop(.stopped)])
        #expect(lifecycle.handle(.start, at: now, chance: 0) == [])
        #expect(lifecycle.handle(.exited(.status(0)), at: now, chance: 0) == [.launch])
    }

    @Test func stoppingWhilePausingCancelsThePause() {
        var lifecycle = make(after: [.start, ok, .exited(.status(1)), ok, .exited(.status(1))])
        guard case .pausing = lifecycle.phase else {
            Issue.record("not pausing but \(lifecycle.phase)")
            return
        }
        #expect(lifecycle.handle(.stop(.disabled), at: now, chance: 0) == [.cancelPause])
        #expect(lifecycle.phase == .resting(.disabled))
    }

    @Test func aProbeThatEndsAfterTheStopStartsNothing() {
        var lifecycle = make(after: [.start, .stop(.stopped)], isProbed: false)
        #expect(lifecycle.handle(.probed(.ok, ""), at: now, chance: 0) == [])
        #expect(lifecycle.phase == .resting(.stopped))
    }

    /// Whatever comes in whatever order: a worker is launched only when none is there, and nothing is ever both resting
    /// and in need of a worker.
    @Test(arguments: 0..<200) func neverHasTwoWorkers(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let events: [PluginLifecycle.Event] = [
            .start, .stop(.stopped), .stop(.disabled), .restart, .probed(.ok, ""), .probed(.probeCrashed, "x"),
            .loadFailed(.dlopenFailed, "x"), ok, .started(Answer(status: .auth)), .started(Answer(status: .retryable)),
            .started(Answer(status: .permanent)), .reportedAuth("x"), .misbehaved("x"), .exited(.status(0)),
            .exited(.signal(9)), .pauseOver, .healthy,
        ]
        var lifecycle = make(isProbed: seed.isMultiple(of: 2))
        var hasWorker = false
        var hasProbe = false
        for step in 0..<100 {
            guard let event = events.randomElement(using: &random) else { continue }
            // Only what can happen: the end of a worker needs a worker, a verdict needs a probe.
            if case .exited = event {
                guard hasWorker else { continue }
                hasWorker = false
            }
            if case .probed = event {
                guard hasProbe else { continue }
                hasProbe = false
            }
            for action in lifecycle.handle(event, at: now + .seconds(step * 20), chance: 0.5) {
                if action == .launch {
                    #expect(!hasWorker, "seed \(seed): launched twice")
                    hasWorker = true
                }
                if action == .probe {
                    #expect(!hasProbe && !hasWorker, "seed \(seed): probed beside another")
                    hasProbe = true
                }
            }
            switch lifecycle.phase {
            case .resting, .pausing: #expect(!hasWorker && !hasProbe, "seed \(seed): \(lifecycle.phase)")
            case .starting, .running: #expect(hasWorker, "seed \(seed): \(lifecycle.phase)")
            case .probing: #expect(hasProbe, "seed \(seed): \(lifecycle.phase)")
            case .stopping: #expect(hasWorker || hasProbe, "seed \(seed): \(lifecycle.phase)")
            }
        }
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
