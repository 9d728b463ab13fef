package import HostAPI
package import Logging
import Manifests
import Store
import Synchronization

/// Everything of the host that is not its interface: the databases, the services, one supervisor per plugin.
package final class HostRuntime: Sendable {
    package let layout: RootLayout
    package let startedAt: Timestamp
    let services: PluginServices
    let supervisors = Mutex<[String: PluginSupervisor]>([:])
    private let lock: InstanceLock
    private let logger: Logger

    /// Where the host works and with what.
    package struct Configuration: Sendable {
        package var layout: RootLayout
        /// The absolute path of `hearth-worker`.
        package var workerPath: String
        /// The host's own environment; workers get an allow-list of it.
        package var environment: [String: String]
        /// Ids of plugins that may run inside hostd, if their manifests ask for it.
        package var allowedInHost: Set<String>
        /// Starts no plugin by itself: the user does, one by one, or mends what keeps them from running first.
        package var isSafeMode: Bool

        package init(
            layout: RootLayout,
            workerPath: String,
            environment: [String: String],
            allowedInHost: Set<String> = [],
            isSafeMode: Bool = false
        ) {
            self.layout = layout
            self.workerPath = workerPath
            self.environment = environment
            self.allowedInHost = allowedInHost
            self.isSafeMode = isSafeMode
        }
    }

    /// What a worker may see of the host's environment.
    private static let allowedEnvironment = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_RUNTIME_DIR"]

    /// Takes the root directory, opens what lies there and finds the plugins. Starts none of them.
    ///
    /// - Throws: A failure that says which file, and what to do.
    package init(_ configuration: Configuration, logger: Logger) async throws(Failure) {
        layout = configuration.layout
        self.logger = logger
        let clock: @Sendable () -> Timestamp = { .now }
        startedAt = clock()
        try layout.prepare()
        lock = try InstanceLock(layout: layout)

        let alarm = StorageAlarm(logger: logger)
        let reactor: Reactor
        let state: StateDatabase
        let opened: OpenedHistory
        let history: HistoryWriter
        let standingAlerts: [Alert]
        let knownDevices: [StoredDevice]
        do {
            reactor = try Reactor()
            state = try StateDatabase(path: layout.stateDatabasePath)
            opened = try HistoryDatabase.open(path: layout.historyDatabasePath)
            history = try HistoryWriter(opened.database) { alarm.changed(.readings, $0) }
            standingAlerts = try state.alerts(includingCleared: false)
            knownDevices = try state.devices()
        } catch {
            throw Failure(error)
        }
        let ledger = Ledger(database: state) { alarm.changed(.desiredState, $0) }
        let events = EventBus(clock: clock)
        let devices = DeviceRegistry()
        for stored in knownDevices {
            guard let device = try? DeviceAnnouncement.device(parsing: stored.document, plugin: stored.plugin) else {
                continue
            }
            _ = devices.put(device)
        }
        let environment =
            Self.allowedEnvironment.compactMap { name in configuration.environment[name].map { "\(name)=\($0)" } }
            // Swift's crash reporter wants to start a program, which a worker may not, and would leave it hanging.
            + ["MALLOC_ARENA_MAX=2", "SWIFT_BACKTRACE=enable=no"]
        let program = WorkerProcess.Program(path: configuration.workerPath, environment: environment)
        let caller = CommandRelay()
        services = PluginServices(
            reactor: reactor,
            program: program,
            layout: layout,
            ledger: ledger,
            history: history,
            pluginState: PluginStateWriter(state) { alarm.changed(.pluginState, $0) },
            devices: devices,
            deviceRecorder: DeviceRecorder(ledger: ledger, reactor: reactor),
            alerts: AlertBoard(standing: standingAlerts, ledger: ledger, events: events, clock: clock),
            events: events,
            logs: PluginLogs(clock: clock),
            subscriptions: Subscriptions(),
            programs: ExecRunner(program: program, reactor: reactor),
            board: PluginBoard(),
            call: { await caller.call($0) },
            allowedInHost: configuration.allowedInHost,
            isSafeMode: configuration.isSafeMode,
            clock: clock,
            chance: { Double.random(in: 0..<1) }
        )
        caller.connect(to: self)
        alarm.connect(to: services.alerts)
        if let setAside = opened.setAside {
            services.alerts.raise(
                "host",
                "history-set-aside",
                .error,
                title: "The history was damaged and has been set aside",
                detail: "\(setAside.reason). It is kept as \(setAside.path); a new history has begun."
            )
        }
        try await findPlugins()
    }

    private func findPlugins() async throws(Failure) {
        let desired: [String: DesiredPlugin]
        do throws(StoreError) {
            let rows = try await services.ledger.perform { database throws(StoreError) in try database.desiredPlugins()
            }
            desired = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        } catch {
            throw error.failure
        }
        for finding in try PackageScan.findings(in: layout.dropInDirectory) {
            let beginning = try await beginning(of: finding, isEnabled: desired[finding.id]?.isEnabled ?? true)
            let supervisor = PluginSupervisor(beginning, services: services)
            supervisors.withLock { $0[finding.id] = supervisor }
            if let problem = finding.problem {
                logger.warning(
                    "a plugin cannot be used",
                    metadata: ["plugin": "\(finding.id)", "reason": "\(problem.failure)"]
                )
            }
        }
    }

    private func beginning(
        of finding: PackageScan.Finding,
        isEnabled: Bool
    ) async throws(Failure) -> PluginSupervisor.Beginning {
        var code: Result<PluginCode, Failure>
        var outcome = LoadOutcome.ok
        if let problem = finding.problem {
            code = .failure(problem.failure)
            outcome = problem.outcome
        } else {
            do {
                code = .success(try await PluginCode.load(directory: finding.directory, ledger: services.ledger))
            } catch {
                code = .failure(Failure(error))
                outcome = (error as? PackageError)?.outcome ?? .fileMissing
            }
        }
        do throws(StoreError) {
            let now = services.clock()
            return try await services.ledger.perform { [code, outcome] database throws(StoreError) in
                let saved = try database.settings(ofPlugin: finding.id)
                return PluginSupervisor.Beginning(
                    id: finding.id,
                    directory: finding.directory,
                    code: code,
                    outcome: outcome,
                    isEnabled: isEnabled,
                    settings: saved.map { PluginSettings(revision: $0.revision, saved: $0.document) }
                        ?? PluginSettings(),
                    deaths: try database.deaths(ofPlugin: finding.id, since: now - RestartPolicy.day).map(\.time),
                    restarts: try database.restarts(ofPlugin: finding.id)
                )
            }
        } catch {
            throw error.failure
        }
    }

    // MARK: Life

    /// Starts all plugins that shall run, side by side. Does not wait for them.
    package func begin() async {
        for supervisor in all { await supervisor.begin() }
        scheduleHeartbeat()
        services.events.publish("host", "hostd has started in \(layout.root)")
    }

    /// One beat for all workers at the same moment, so that an idle host wakes seldom.
    private func scheduleHeartbeat() {
        services.reactor.schedule(after: PluginSupervisor.heartbeatInterval) { [self] in
            for supervisor in all { supervisor.assumeIsolated { $0.beat() } }
            scheduleHeartbeat()
        }
    }

    /// Stops all plugins, side by side, and writes what waits. Takes at most as long as the slowest plugin: 7 s.
    package func shutDown() async {
        await withTaskGroup { group in
            for supervisor in all { group.addTask { await supervisor.shutDown() } }
        }
        services.deviceRecorder.flush()
        // Each for itself: what plugins remember is stored even if the readings cannot be.
        let services = services
        let steps: [@Sendable () async throws -> Void] = [
            { try await services.pluginState.flush() },
            { try await services.ledger.perform { _ throws(StoreError) in } },
            { try await services.history.close() },
        ]
        for step in steps {
            do {
                try await step()
            } catch {
                logger.error("not everything could be stored at the end", metadata: ["error": "\(error)"])
            }
        }
        services.events.close()
        services.logs.close()
        // The reactor goes on until the process ends: somebody who asked last still waits for it to answer.
    }

    private var all: [PluginSupervisor] {
        supervisors.withLock { Array($0.values) }
    }
}

/// Lets plugins command others: the way from a supervisor back to the host, which is made after it.
private final class CommandRelay: Sendable {
    private let runtime = Mutex<WeakRuntime>(WeakRuntime())

    private struct WeakRuntime {
        weak var value: HostRuntime?
    }

    func connect(to runtime: HostRuntime) {
        self.runtime.withLock { $0.value = runtime }
    }

    func call(_ request: CommandRequest) async -> Answer {
        guard let runtime = runtime.withLock({ $0.value }) else {
            return Answer(status: .retryable, message: "the host is ending")
        }
        do throws(Failure) {
            let result = try await runtime.call(request)
            return Answer(status: .ok, json: result.result.text, message: result.message)
        } catch {
            return Answer(error)
        }
    }
}
