package import HostAPI
import Manifests
package import Store
import Synchronization

/// The owner of one plugin: of its worker, its state and everything that is asked of it. Runs on the reactor's thread;
/// what it decides is in `PluginLifecycle`, what it does is here and in the extensions beside this file.
package actor PluginSupervisor {
    package nonisolated let id: String
    nonisolated let services: PluginServices
    private nonisolated let executor: Reactor

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// What is installed; nil for a package in the drop-in directory that could not be.
    var installed: InstalledPlugin? {
        didSet { hasInstallation.store(installed != nil, ordering: .relaxed) }
    }
    private nonisolated let hasInstallation: Atomic<Bool>
    /// It only shows what is wrong with a package in the drop-in directory.
    nonisolated var isPlaceholder: Bool { !hasInstallation.load(ordering: .relaxed) }
    /// Nil while the package cannot be used; `problem` says why.
    var code: PluginCode?
    var problem: PluginProblem?
    var lifecycle: PluginLifecycle
    var isEnabled: Bool
    var settings: PluginSettings
    var worker: Worker?
    var restarts: Int
    /// The user's word was why it stopped, since the host's start.
    var isStoppedByUser = false
    /// The hash of the code that hostd itself has loaded (`isolation: host`); it cannot load another one in its place.
    var hostedHash: String?
    /// What is installed now is not the code that hostd has loaded.
    var isReplacedInHost = false
    /// A thread of this plugin hangs in hostd.
    var isAbandoned = false
    /// The host ends: nothing starts any more, whoever asks for it.
    var isEnding = false
    /// How the code that was taken up last has died; nil if it has not.
    var lastDeath: String?
    private var pauseTimer: Reactor.Timer?
    private var settledWaiters: [CheckedContinuation<Void, Never>] = []
    private var observers: [UInt64: CheckedContinuation<Void, Never>] = [:]
    private var nextObserver: UInt64 = 0
    private let gate = OperationGate()

    /// What is remembered of a plugin from before, and what lies on the disk.
    package struct Beginning: Sendable {
        package var id: String
        package var installed: InstalledPlugin?
        package var code: Result<PluginCode, PluginProblem>
        package var settings: PluginSettings
        package var deaths: [Timestamp]
        package var restarts: Int
    }

    package init(_ beginning: Beginning, services: PluginServices) {
        id = beginning.id
        installed = beginning.installed
        hasInstallation = Atomic(beginning.installed != nil)
        self.services = services
        executor = services.reactor
        let isWanted = beginning.installed?.isEnabled ?? true
        isEnabled = isWanted
        settings = beginning.settings
        restarts = beginning.restarts
        let rest: PluginLifecycle.Rest
        switch beginning.code {
        case .success(let code):
            self.code = code
            rest = code.quarantineReason.map { .quarantined($0) } ?? (isWanted ? .stopped : .disabled)
        case .failure(let problem):
            self.problem = problem
            rest = isWanted ? .failed(problem.outcome, problem.message) : .disabled
        }
        lifecycle = PluginLifecycle(
            id: beginning.id,
            rest: rest,
            isProbed: (try? beginning.code.get())?.isProbed ?? false,
            deaths: beginning.deaths
        )
    }

    /// Where the code runs: on a thread of the host only if the manifest asks for it and the user allows it.
    var isolation: Manifest.Isolation {
        guard let manifest = code?.package.manifest, manifest.isolation == .host else { return .worker }
        return services.allowedInHost.contains(id) ? .host : .worker
    }

    // MARK: Events and actions

    /// Feeds the state machine and does what it says.
    func handle(_ event: PluginLifecycle.Event) {
        if isEnding, event == .start || event == .restart || event == .begin { return }
        let before = lifecycle.phase
        let actions = lifecycle.handle(event, at: services.clock(), chance: services.chance())
        for action in actions { carryOut(action) }
        if lifecycle.phase != before { phaseChanged() }
        post()
        if lifecycle.isSettled { wakeWaiters() }
        if !isRunning { endObservation() }
    }

    private func carryOut(_ action: PluginLifecycle.Action) {
        switch action {
        case .probe: probe()
        case .launch: launch()
        case .stopWorker: stopWorker()
        case .killWorker: worker?.process.kill()
        case .schedulePause(let pause):
            pauseTimer = services.reactor.schedule(after: pause) { [self] in
                assumeIsolated { $0.handle(.pauseOver) }
            }
        case .cancelPause:
            if let pauseTimer { services.reactor.cancel(pauseTimer) }
            pauseTimer = nil
        case .recordDeath(let cause): recordDeath(cause)
        case .countRestart: countRestart()
        case .scheduleHealthCheck(let delay): scheduleHealthCheck(after: delay)
        case .quarantine(let reason): quarantine(reason)
        case .raise(let key, let severity, let title, let detail):
            services.alerts.raise(id, key.rawValue, severity, title: title, detail: detail)
        case .clear(let key): services.alerts.clear(id, key.rawValue)
        }
    }

    private func recordDeath(_ cause: String) {
        lastDeath = cause
        services.logs.note(id, .error, "the worker ended: \(cause)")
        services.events.publish("plugin.died", plugin: id, "\(id) died: \(cause)")
        let death = RecordedDeath(time: services.clock(), cause: cause, isCrash: true)
        services.ledger.write { [id] database throws(StoreError) in try database.recordDeath(death, ofPlugin: id) }
    }

    private func countRestart() {
        restarts += 1
        services.ledger.write { [id] database throws(StoreError) in _ = try database.countRestart(ofPlugin: id) }
    }

    private func scheduleHealthCheck(after delay: Duration) {
        services.reactor.schedule(after: delay) { [self, owner = worker?.owner] in
            assumeIsolated { if $0.worker?.owner == owner { $0.handle(.healthy) } }
        }
    }

    private func quarantine(_ reason: String) {
        guard let hash = code?.hash else { return }
        code?.quarantineReason = reason
        services.logs.note(id, .error, "quarantined: \(reason)")
        let entry = QuarantineEntry(hash: hash, plugin: id, reason: reason, since: services.clock())
        services.ledger.write { database throws(StoreError) in try database.addQuarantine(entry) }
    }

    private func phaseChanged() {
        if !lifecycle.isActive { services.devices.forgetAvailability(ofPlugin: id) }
    }

    /// Shows the present state to everybody who looks.
    func post() {
        let summary = summary()
        let before = services.board.post(
            PluginBoard.Entry(
                summary: summary,
                report: worker?.report,
                damage: problem?.message,
                isInstalled: installed != nil,
                isStoppedByUser: isStoppedByUser
            )
        )
        guard before?.state != summary.state || before?.message != summary.message else { return }
        let text = summary.message.isEmpty ? "" : ": \(summary.message)"
        services.events.publish(
            "plugin.state",
            plugin: id,
            "\(id) is \(summary.state.rawValue)\(text)",
            data: .object(["state": .string(summary.state.rawValue), "message": .string(summary.message)])
        )
    }

    // MARK: Waiting

    /// One operation of a user at a time; the others wait in their order.
    func exclusively<Value: Sendable>(
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        await gate.enter()
        defer { gate.leave() }
        guard !isEnding else { throw Failure(.conflict, "the host is ending, or \(id) was just uninstalled") }
        return try await body()
    }

    var isRunning: Bool {
        if case .running = lifecycle.phase { true } else { false }
    }

    /// Returns when the plugin has ceased to run, when nobody waits any more, or after that time.
    func watch(for window: Duration) async {
        guard isRunning, window > .zero else { return }
        nextObserver += 1
        let number = nextObserver
        let end: @Sendable () -> Void = { [self] in
            assumeIsolated { $0.observers.removeValue(forKey: number)?.resume() }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                observers[number] = continuation
                services.reactor.schedule(after: window, end)
            }
        } onCancel: { [reactor = services.reactor] in
            reactor.schedule(after: .zero, end)
        }
    }

    private func endObservation() {
        for observer in observers.values { observer.resume() }
        observers = [:]
    }

    /// Returns once nothing is under way.
    func settle() async {
        while !lifecycle.isSettled { await settleOnce() }
    }

    /// Returns once nothing is under way, or `wakeWaiters` is called.
    func settleOnce() async {
        await withCheckedContinuation { settledWaiters.append($0) }
    }

    func wakeWaiters() {
        for waiter in settledWaiters { waiter.resume() }
        settledWaiters = []
    }
}
