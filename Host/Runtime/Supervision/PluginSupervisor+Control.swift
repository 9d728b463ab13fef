package import HostAPI
import Manifests
import Store

/// What users ask of a plugin.
extension PluginSupervisor {
    /// Starts what the desired state wants running. Does not wait.
    package func begin() {
        post()
        if isEnabled, problem == nil, !services.isSafeMode { handle(.begin) }
    }

    /// Stops for the end of the host.
    package func shutDown() async {
        isEnding = true
        handle(.stop(.stopped))
        await settle()
    }

    package func control(_ action: PluginAction) async throws(Failure) -> PluginSummary {
        try await exclusively { () async throws(Failure) -> PluginSummary in
            switch action {
            case .start, .restart:
                guard isEnabled else {
                    throw Failure(.notRunning, "\(id) is disabled", hint: "hostctl enable \(id)")
                }
                try await reload(replacing: action == .restart || !lifecycle.isActive)
                isStoppedByUser = false
                handle(action == .start ? .start : .restart)
            case .stop:
                isStoppedByUser = true
                handle(.stop(.stopped))
            case .enable, .disable: try await followDesiredState()
            }
            await settle()
            let summary = summary()
            guard action == .stop || action == .disable || !Self.unsuccessful.contains(summary.state) else {
                throw Failure(
                    .commandFailed,
                    "\(id) could not be started: \(summary.message)",
                    hint: "`hostctl show \(id)` and `hostctl logs \(id)` tell more"
                )
            }
            return summary
        }
    }

    /// Starts or stops the plugin as its row says.
    private func followDesiredState() async throws(Failure) {
        guard let installed = try await services.installedPlugin(id) else { return }
        self.installed = installed
        isEnabled = installed.isEnabled
        guard isEnabled else { return handle(.stop(.disabled)) }
        try await reload(replacing: !lifecycle.isActive)
        isStoppedByUser = false
        handle(.start)
    }

    /// States in which a start has not led to a running plugin.
    private static let unsuccessful: Set<PluginState> = [.auth, .backingOff, .crashLooping, .failed, .quarantined]

    /// The user lets quarantined code of these hashes try again.
    package func quarantineLifted(hashes: Set<String>) async throws(Failure) {
        try await exclusively { () async throws(Failure) in
            guard let hash = code?.hash, hashes.contains(hash) else { return }
            try await reload(replacing: true)
            handle(.stop(isEnabled ? .stopped : .disabled))
            if isEnabled { handle(.start) }
            await settle()
        }
    }

    /// Reads the package again: the user may have mended it.
    ///
    /// - Throws: `refused` if it cannot be used, and the code that runs still can: that goes on.
    private func reload(replacing isWanted: Bool) async throws(Failure) {
        guard isWanted else { return }
        guard let installed else { throw notInstalled }
        do {
            use(try await PluginCode.load(installed, services))
        } catch {
            guard !lifecycle.isActive else {
                let failure = Failure(error)
                throw Failure(
                    .refused,
                    "\(id) goes on with the code that it runs: its package cannot be used now: \(failure.message)",
                    hint: failure.hint
                )
            }
            problem = PluginProblem(error)
            code = nil
        }
    }

    private var notInstalled: Failure {
        Failure(
            .commandFailed,
            "\(id) could not be started: \(problem?.message ?? "it is not installed")",
            hint: "it is tried again when its copy in plugins.d changes, or with `hostctl reconcile --force`"
        )
    }

    /// The code that the next start loads.
    func use(_ code: PluginCode) {
        self.code = code
        problem = nil
        let isQuarantined = code.quarantineReason != nil
        lifecycle.codeChanged(isProbed: code.isProbed && !isQuarantined, isQuarantined: isQuarantined)
        if !isQuarantined { services.alerts.clear(id, PluginLifecycle.AlertKey.quarantined.rawValue) }
    }

    // MARK: Commands

    /// What the manifest says that the plugin as a whole understands.
    var declaredCommands: [CommandDeclaration] { code?.package.manifest.commands ?? [] }

    package func command(
        device: String?,
        name: String,
        arguments: String,
        timeout: Duration
    ) async throws(Failure) -> Answer {
        guard let worker, worker.stage == .started else {
            throw Failure(
                .notRunning,
                "\(id) is not running: it is \(summary().state.rawValue)",
                hint: "hostctl start \(id)"
            )
        }
        let result: Answer
        do {
            result = try await worker.process.channel.request(timeout: timeout) {
                .command(
                    operation: $0,
                    timeoutMilliseconds: UInt32(clamping: timeout.milliseconds),
                    device: device ?? "",
                    name: name,
                    arguments: arguments
                )
            }
        } catch {
            switch error {
            case .timedOut:
                throw Failure(
                    .timedOut,
                    "\(id) did not complete \(name) within \((Double(timeout.milliseconds) / 1_000).text(places: 3)) s; whether it took effect is not known"
                )
            case .closed: throw Failure(.commandFailed, "\(id) ended while it carried out \(name)")
            }
        }
        guard result.status == .ok else {
            throw Failure(
                result.status.failureCode,
                result.message.isEmpty ? "\(id) could not carry out \(name)" : result.message
            )
        }
        return result
    }
}
