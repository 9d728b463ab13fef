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
            warnOfUnfitSettings(code)
            isEnabled = installed.isEnabled
            let isHeld = hostedHash != nil && hostedHash != code?.hash && self.code?.hash == hostedHash
            isReplacedInHost = isHeld
            if isHeld {
                problem = nil
            } else if let code {
                if let before = self.code, before.hash != code.hash { forgiveOtherCode() }
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
        var left = window
        while true {
            guard await settle(within: Self.settleLimit) else {
                throw Failure(
                    .timedOut,
                    "\(id) neither started nor failed within \(Self.settleLimit.components.seconds) s"
                )
            }
            try checkHealth()
            // What has died starts again at once: that is not health. What the user restarts is watched on.
            if let lastDeath, !isEnding { throw Failure(.commandFailed, "\(id) died: \(lastDeath)") }
            guard isRunning, left > .zero, !isEnding else { return }
            let begun = ContinuousClock.now
            await watch(for: left)
            guard !Task.isCancelled else { throw Failure(.cancelled, "nobody waits any more for how \(id) does") }
            left -= ContinuousClock.now - begun
        }
    }

    /// Says it if the settings that were saved for another version are not what this one allows.
    private func warnOfUnfitSettings(_ code: PluginCode?) {
        guard let manifest = code?.package.manifest else { return }
        let problems = manifest.settings.validate(manifest.settings.fillingDefaults(settings.saved))
        guard !problems.isEmpty, settings.revision > 0 else { return services.alerts.clear(id, Self.unfitSettings) }
        services.alerts.raise(
            id,
            Self.unfitSettings,
            .warning,
            title: "The settings of \(id) are not what version \(manifest.version) allows",
            detail: problems.map(\.description).joined(separator: "; ") + "; mend them: hostctl settings set \(id)"
        )
    }

    /// The key of that alert.
    static let unfitSettings = "unfit-settings"

    private func forgiveOtherCode() {
        lifecycle.codeReplaced()
        services.ledger.write { [id] database throws(StoreError) in try database.forgiveDeaths(ofPlugin: id) }
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
