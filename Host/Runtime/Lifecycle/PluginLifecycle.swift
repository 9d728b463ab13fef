package import HostAPI

/// The life of one plugin, as a state machine. Pure: it takes events and returns what is to be done.
package struct PluginLifecycle: Sendable {
    /// Why nothing runs.
    package enum Rest: Equatable, Sendable {
        case stopped
        case disabled
        case failed(LoadOutcome, String)
        case auth(String)
        case crashLooping(String)
        case quarantined(String)
    }

    /// What follows once the present worker has ended.
    package enum Next: Equatable, Sendable {
        case rest(Rest)
        case start
        case pause(Duration, String)
    }

    package enum Phase: Equatable, Sendable {
        case resting(Rest)
        /// A throw-away worker tries whether the code can be loaded.
        case probing
        /// A worker loads the code and starts the plugin.
        case starting
        case running(since: Timestamp)
        case stopping(Next)
        /// Waits before the next start; the sentence says why.
        case pausing(String)
    }

    package enum Event: Equatable, Sendable {
        /// The host has started, and the desired state wants the plugin to run.
        case begin
        /// The user wants it to run.
        case start
        case stop(Rest)
        case restart
        /// The outcome of the probe; `ok` lets it start.
        case probed(LoadOutcome, String)
        case loadFailed(LoadOutcome, String)
        /// There is no worker, and there will be none.
        case launchFailed(LoadOutcome, String)
        /// The system did not let a worker be started, for a launch or a probe.
        case spawnFailed(String)
        /// The plugin's answer to START.
        case started(Answer)
        /// The plugin says that its credentials do not work.
        case reportedAuth(String)
        /// The worker does not do what it must and has to go.
        case misbehaved(String)
        case exited(ExitStatusOfProcess)
        case pauseOver
        /// The worker has been running for `RestartPolicy.healthyAfter`.
        case healthy
    }

    package enum Action: Equatable, Sendable {
        case probe
        case launch
        /// Orderly: STOP, EXIT, then SIGTERM and SIGKILL.
        case stopWorker
        case killWorker
        case schedulePause(Duration)
        case cancelPause
        case recordDeath(String)
        case countRestart
        /// `healthy` shall be said after this time, if the same worker still runs then.
        case scheduleHealthCheck(Duration)
        case quarantine(String)
        case raise(AlertKey, AlertSeverity, title: String, detail: String)
        case clear(AlertKey)
    }

    package enum AlertKey: String, Sendable {
        case crashLooping = "crash-looping"
        case frequentCrashes = "frequent-crashes"
        case auth
        case failed = "start-failed"
        case quarantined
    }

    package private(set) var phase: Phase
    private var policy: RestartPolicy
    private var isProbed: Bool
    /// Why the worker is being killed, until it has ended.
    private var killReason: String?
    private let id: String

    /// - Parameters:
    ///   - id: The plugin's id, for sentences.
    ///   - rest: Why it does not run at first.
    ///   - isProbed: The code has passed its probe before.
    ///   - deaths: What is remembered of the last day.
    package init(id: String, rest: Rest, isProbed: Bool, deaths: [Timestamp]) {
        self.id = id
        self.isProbed = isProbed
        phase = .resting(rest)
        policy = RestartPolicy(deaths: deaths)
    }

    /// Whether a worker exists that is not on its way out.
    package var isActive: Bool {
        switch phase {
        case .starting, .running: true
        default: false
        }
    }

    /// Whether nothing is under way: a caller that waits for an action to be complete waits for this.
    package var isSettled: Bool {
        switch phase {
        case .resting, .running, .pausing: true
        case .probing, .starting, .stopping: false
        }
    }

    /// Other code is used from now on: what is known about the one before is void, its crashes included.
    package mutating func codeReplaced() {
        policy = RestartPolicy()
    }

    /// The code was read anew.
    package mutating func codeChanged(isProbed: Bool, isQuarantined: Bool) {
        self.isProbed = isProbed
        if case .resting(.quarantined) = phase, !isQuarantined { phase = .resting(.stopped) }
    }

    /// - Parameters:
    ///   - event: What happened.
    ///   - now: The present time.
    ///   - chance: A random number in 0..<1, for jitter.
    /// - Returns: What is to be done, in this order.
    package mutating func handle(_ event: Event, at now: Timestamp, chance: Double) -> [Action] {
        switch event {
        case .begin: beginAfterHostStart(at: now)
        case .start: start(at: now)
        case .stop(let rest): stop(rest)
        case .restart: restart(at: now)
        case .probed(let outcome, let message): probed(outcome, message)
        case .loadFailed(let outcome, let message): end(.rest(.failed(outcome, message))) + [raiseFailed(message)]
        case .launchFailed(let outcome, let message): launchFailed(outcome, message)
        case .spawnFailed(let reason): spawnFailed(reason, at: now, chance: chance)
        case .started(let answer): started(answer, at: now, chance: chance)
        case .reportedAuth(let message): reportedAuth(message)
        case .misbehaved(let reason): misbehaved(reason)
        case .exited(let status): exited(status, at: now, chance: chance)
        case .pauseOver: pauseOver()
        case .healthy: healthy(at: now)
        }
    }
}

extension PluginLifecycle {
    private mutating func start(at now: Timestamp) -> [Action] {
        switch phase {
        case .resting(let rest):
            if case .quarantined = rest { return [] }
            policy.forgive()
            return [.clear(.crashLooping), .clear(.auth), .clear(.failed)] + begin()
        case .pausing:
            policy.forgive()
            return [.cancelPause] + begin()
        case .stopping(.rest(let rest)):
            if case .quarantined = rest { return [] }
            phase = .stopping(.start)
            return []
        case .stopping(.pause):
            policy.forgive()
            phase = .stopping(.start)
            return []
        case .stopping(.start), .probing, .starting, .running: return []
        }
    }

    /// A crash loop does not begin anew because the host did.
    private mutating func beginAfterHostStart(at now: Timestamp) -> [Action] {
        guard case .resting(let rest) = phase else { return [] }
        if case .quarantined = rest { return [] }
        guard policy.isCrashLooping(at: now) else { return [.clear(.crashLooping), .clear(.failed)] + begin() }
        let message =
            "crashed \(RestartPolicy.crashLimit) times or more within the last "
            + "\(RestartPolicy.crashWindow.components.seconds) s, before the host was started"
        phase = .resting(.crashLooping(message))
        return [raiseLoop(message)]
    }

    private mutating func stop(_ rest: Rest) -> [Action] {
        switch phase {
        case .resting:
            phase = .resting(rest)
            return [.clear(.crashLooping), .clear(.auth), .clear(.failed)]
        case .pausing:
            phase = .resting(rest)
            return [.cancelPause]
        case .stopping:
            phase = .stopping(.rest(rest))
            return []
        case .probing:
            // The probe ends by itself within its limit; its verdict is kept, the start is not.
            phase = .stopping(.rest(rest))
            return []
        case .starting, .running: return end(.rest(rest))
        }
    }

    private mutating func restart(at now: Timestamp) -> [Action] {
        switch phase {
        case .resting, .pausing: return start(at: now)
        case .stopping:
            phase = .stopping(.start)
            return []
        case .probing: return []
        case .starting, .running:
            policy.forgive()
            return end(.start)
        }
    }

    private mutating func begin() -> [Action] {
        phase = isProbed ? .starting : .probing
        return [isProbed ? .launch : .probe]
    }

    private mutating func probed(_ outcome: LoadOutcome, _ message: String) -> [Action] {
        let isNewlyBad = outcome == .probeCrashed || outcome == .probeTimeout
        let isBad = isNewlyBad || outcome == .quarantined
        var actions: [Action] = []
        if isNewlyBad {
            actions = [
                .quarantine(message),
                .raise(
                    .quarantined,
                    .error,
                    title: "\(id) is quarantined",
                    detail: "\(message). Replace the plugin, or try again with: hostctl quarantine lift \(id)"
                ),
            ]
        }
        isProbed = outcome == .ok
        switch phase {
        case .probing where outcome == .ok:
            phase = .starting
            return [.launch]
        case .stopping(.start) where outcome == .ok: return begin()
        case .probing, .stopping(.start):
            phase = .resting(isBad ? .quarantined(message) : .failed(outcome, message))
            if !isBad { actions.append(raiseFailed(message)) }
        case .stopping(.rest(let rest)): phase = .resting(isBad ? .quarantined(message) : rest)
        default: break
        }
        return actions
    }

    /// Ends the worker that there is; `next` follows its exit.
    private mutating func end(_ next: Next) -> [Action] {
        guard isActive else { return [] }
        phase = .stopping(next)
        return [.stopWorker]
    }

    private mutating func launchFailed(_ outcome: LoadOutcome, _ message: String) -> [Action] {
        guard phase == .starting else { return [] }
        phase = .resting(.failed(outcome, message))
        return [raiseFailed(message)]
    }

    private mutating func spawnFailed(_ reason: String, at now: Timestamp, chance: Double) -> [Action] {
        guard phase == .starting || phase == .probing else {
            if case .stopping(let next) = phase { return follow(next) }
            return []
        }
        let message = "no worker could be started: \(reason)"
        guard case .restart(let pause) = policy.died(at: now, uptime: .zero, chance: chance) else {
            phase = .resting(.crashLooping(message))
            return [raiseLoop(message)]
        }
        let longEnough = max(pause, RestartPolicy.basePause)
        phase = .pausing(message)
        return [.schedulePause(longEnough)]
    }

    private mutating func started(_ answer: Answer, at now: Timestamp, chance: Double) -> [Action] {
        guard phase == .starting else { return [] }
        let message = answer.message.isEmpty ? "its start failed without a reason" : answer.message
        switch answer.status {
        case .ok:
            phase = .running(since: now)
            return [.clear(.auth), .clear(.failed), .scheduleHealthCheck(RestartPolicy.healthyAfter)]
        case .auth: return end(.rest(.auth(message))) + [raiseAuth(message)]
        case .retryable, .internalError, .busy:
            let decision = policy.died(at: now, uptime: .zero, chance: chance)
            guard case .restart(let pause) = decision else {
                return end(.rest(.crashLooping(message))) + [raiseLoop(message)]
            }
            return end(.pause(max(pause, RestartPolicy.basePause), message))
        default:
            return end(.rest(.failed(.startFailed, message))) + [raiseFailed(message)]
        }
    }

    private mutating func reportedAuth(_ message: String) -> [Action] {
        guard isActive else { return [] }
        return [raiseAuth(message)]
    }

    private mutating func misbehaved(_ reason: String) -> [Action] {
        killReason = killReason ?? reason
        return [.killWorker]
    }

    private mutating func exited(_ status: ExitStatusOfProcess, at now: Timestamp, chance: Double) -> [Action] {
        defer { killReason = nil }
        switch phase {
        case .stopping(let next): return follow(next)
        case .starting, .running: break
        case .resting, .probing, .pausing: return []
        }
        var uptime = Duration.zero
        if case .running(let since) = phase { uptime = now - since }
        let cause = killReason.map { "killed: \($0)" } ?? "\(status)"
        if killReason == nil, status == .status(RestartPolicy.permanentExitStatus) {
            let message = "it ended with exit status 78, which means: do not start me again"
            phase = .resting(.failed(.startFailed, message))
            return [.recordDeath(cause), .raise(.failed, .error, title: "\(id) has given up", detail: message)]
        }
        var actions: [Action] = [.recordDeath(cause)]
        switch policy.died(at: now, uptime: uptime, chance: chance) {
        case .giveUp:
            let message =
                "crashed \(RestartPolicy.crashLimit) times within \(RestartPolicy.crashWindow.components.seconds) s, "
                + "last with \(cause)"
            phase = .resting(.crashLooping(message))
            actions.append(raiseLoop(message))
        case .restart(.zero):
            actions.append(.countRestart)
            actions += begin()
        case .restart(let pause):
            phase = .pausing("crashed: \(cause)")
            actions += [.countRestart, .schedulePause(pause)]
        }
        if policy.isFrequentlyDying(at: now) {
            actions.append(
                .raise(
                    .frequentCrashes,
                    .warning,
                    title: "\(id) died \(RestartPolicy.dailyLimit) times or more within a day",
                    detail: "It was started again each time; last cause: \(cause). See: hostctl logs \(id)"
                )
            )
        }
        return actions
    }

    private mutating func follow(_ next: Next) -> [Action] {
        switch next {
        case .rest(let rest):
            phase = .resting(rest)
            return []
        case .start: return begin()
        case .pause(let pause, let reason):
            phase = .pausing(reason)
            return [.schedulePause(pause)]
        }
    }

    private mutating func pauseOver() -> [Action] {
        guard case .pausing = phase else { return [] }
        return begin()
    }

    private mutating func healthy(at now: Timestamp) -> [Action] {
        guard case .running = phase else { return [] }
        guard let end = policy.frequentDyingEnds(after: now) else {
            return [.clear(.crashLooping), .clear(.frequentCrashes)]
        }
        return [.clear(.crashLooping), .scheduleHealthCheck(end - now)]
    }

    private func raiseFailed(_ message: String) -> Action {
        .raise(.failed, .error, title: "\(id) cannot start", detail: message)
    }

    private func raiseAuth(_ message: String) -> Action {
        .raise(
            .auth,
            .error,
            title: "\(id) needs new credentials",
            detail: "\(message). It is not tried again until its settings change, or: hostctl start \(id)"
        )
    }

    private func raiseLoop(_ message: String) -> Action {
        .raise(
            .crashLooping,
            .error,
            title: "\(id) keeps crashing and was stopped",
            detail: "\(message). See: hostctl logs \(id); then: hostctl start \(id)"
        )
    }
}
