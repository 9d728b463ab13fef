package import HostAPI
import Manifests
package import Store

/// What a change of the installation asks of the plugin that it concerns.
extension PluginSupervisor {
    /// Longer than all the limits of an orderly stop and a start together: what is not over then never will be.
    static let settleLimit: Duration = .seconds(40)

    /// States in which a plugin does what it is there for.
    private static let well: Set<PluginState> = [.running, .degraded]

    /// Ends the worker so that other code can take its place.
    ///
    /// - Returns: Whether it ran as it should.
    package func stopForChange() async throws(Failure) -> Bool {
        try await exclusively { () async throws(Failure) -> Bool in
            let wasWell = Self.well.contains(summary().state)
            handle(.stop(isEnabled ? .stopped : .disabled))
            guard await settle(within: Self.settleLimit) else {
                throw Failure(
                    .timedOut,
                    "the worker of \(id) could not be ended: process \(worker?.process.processID ?? 0) is still there",
                    hint: "it hangs in the kernel; look at it with `ps`, or restart the machine"
                )
            }
            return wasWell
        }
    }

    /// Takes up the installed version, and starts it if it shall run. Returns once it has started or has failed to.
    ///
    /// - Returns: `needs-host-restart` if hostd itself has loaded the code before, and cannot let go of it.
    package func takeUp(
        _ installed: InstalledPlugin,
        settings: PluginSettings,
        starts: Bool
    ) async throws(Failure) -> PluginState? {
        try await exclusively { () async throws(Failure) -> PluginState? in
            lastDeath = nil
            let code: PluginCode?
            do {
                code = try await PluginCode.load(installed, services)
            } catch {
                code = nil
                problem = PluginProblem(error)
            }
            self.installed = installed
            self.settings = settings
            isEnabled = installed.isEnabled
            let isHeld = hostedHash != nil && hostedHash != code?.hash && self.code?.hash == hostedHash
            isReplacedInHost = isHeld
            if isHeld {
                problem = nil
            } else if let code {
                use(code)
            } else {
                self.code = nil
            }
            guard isEnabled else {
                handle(.stop(.disabled))
                await settle()
                return isHeld ? .needsHostRestart : nil
            }
            let mayStart = starts && !services.isSafeMode
            if mayStart, self.code != nil, !isStoppedByUser { handle(.start) } else { handle(.stop(.stopped)) }
            await settle()
            post()
            return isHeld ? .needsHostRestart : nil
        }
    }

    /// Watches whether the plugin runs for so long without dying.
    ///
    /// - Throws: Why it is not healthy.
    package func observe(for window: Duration) async throws(Failure) {
        guard await settle(within: Self.settleLimit) else {
            throw Failure(.timedOut, "\(id) neither started nor failed within \(Self.settleLimit.components.seconds) s")
        }
        try checkHealth()
        let begun = services.clock()
        await watch(for: window)
        guard !Task.isCancelled else { throw Failure(.cancelled, "nobody waits any more for how \(id) does") }
        // What has just died starts again at once: that is not health.
        try checkHealth()
        guard isRunning, services.clock() - begun < window, !isEnding else { return }
        throw Failure(.commandFailed, "\(id) died as soon as it had started: \(lastDeath ?? "nobody knows how")")
    }

    private func checkHealth() throws(Failure) {
        let summary = summary()
        if let problem { throw Failure(.commandFailed, problem.message) }
        switch lifecycle.phase {
        case .running: return
        case .resting(.stopped), .resting(.disabled), .resting(.auth): return
        case .resting, .pausing, .probing, .starting, .stopping:
            guard !isEnding else { return }
            let death = lastDeath.map { "it died: \($0)" } ?? "it is \(summary.state.rawValue)"
            throw Failure(.commandFailed, "\(id) does not run: \(summary.message.isEmpty ? death : summary.message)")
        }
    }

    /// Shows why a package in the drop-in directory is not installed.
    package func refuse(_ problem: PluginProblem) {
        self.problem = problem
        code = nil
        post()
    }

    /// Waits until nothing is under way, at most that long.
    ///
    /// - Returns: Whether nothing is.
    private func settle(within limit: Duration) async -> Bool {
        guard !lifecycle.isSettled else { return true }
        services.reactor.schedule(after: limit) { [self] in
            assumeIsolated { $0.wakeWaiters() }
        }
        await settleOnce()
        return lifecycle.isSettled
    }
}
