package import HostAPI
import Installation
package import Logging
import Manifests
import Store
import Synchronization

/// Everything of the host that is not its interface: the databases, the services, one supervisor per plugin.
package final class HostRuntime: Sendable {
    package let layout: RootLayout
    package let startedAt: Timestamp
    let services: PluginServices
    let fleet: PluginFleet
    let installer: Installer
    let registry: RegistrySwitch
    let dropIns: DropInService
    let links: LinkService
    let reconciler: Reconciler
    let home: HomeService
    var ownership: Ownership { Ownership(services: services) }
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
        /// The URL or directory of the registry; `none` forgets the one that is remembered, nil keeps it.
        package var registry: String?
        /// The absolute path of a desired-state file.
        package var homeFile: String?
        /// For how long a version that replaces one that ran has to run.
        package var healthWindow: Duration

        package init(
            layout: RootLayout,
            workerPath: String,
            environment: [String: String],
            allowedInHost: Set<String> = [],
            isSafeMode: Bool = false,
            registry: String? = nil,
            homeFile: String? = nil,
            healthWindow: Duration = .seconds(10)
        ) {
            self.layout = layout
            self.workerPath = workerPath
            self.environment = environment
            self.allowedInHost = allowedInHost
            self.isSafeMode = isSafeMode
            self.registry = registry
            self.homeFile = homeFile
            self.healthWindow = healthWindow
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
        let installed: Set<String>
        do {
            reactor = try Reactor()
            state = try StateDatabase(path: layout.stateDatabasePath)
            opened = try HistoryDatabase.open(path: layout.historyDatabasePath)
            history = try HistoryWriter(opened.database) { alarm.changed(.readings, $0) }
            standingAlerts = try state.alerts(includingCleared: false)
            knownDevices = try state.devices()
            installed = Set(try state.installedPlugins().map(\.id))
        } catch {
            throw Failure(error)
        }
        let ledger = Ledger(database: state) { alarm.changed(.desiredState, $0) }
        let events = EventBus(clock: clock)
        let devices = DeviceRegistry()
        for stored in knownDevices where installed.contains(stored.plugin) {
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
            checkouts: LinkedCheckouts(),
            call: { await caller.call($0) },
            allowedInHost: configuration.allowedInHost,
            isSafeMode: configuration.isSafeMode,
            clock: clock,
            chance: { Double.random(in: 0..<1) }
        )
        registry = RegistrySwitch(cacheDirectory: layout.cacheDirectory) { message in
            logger.warning("the registry has an entry that cannot be used", metadata: ["reason": "\(message)"])
        }
        fleet = PluginFleet(services: services, logger: logger)
        let relay = ChangeRelay()
        installer = Installer(Self.installerConfiguration(configuration, services, fleet, registry, relay))
        dropIns = DropInService(services: services, fleet: fleet, installer: installer, logger: logger)
        links = LinkService(services: services, installer: installer, logger: logger)
        reconciler = Reconciler(services: services, fleet: fleet, installer: installer, logger: logger)
        home = HomeService(
            services: services,
            fleet: fleet,
            installer: installer,
            registry: registry,
            file: configuration.homeFile,
            logger: logger
        )
        caller.connect(to: self)
        relay.connect(to: self)
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
        try await chooseRegistry(configuration.registry)
        try await recover()
        try await fleet.load()
    }

    private static func installerConfiguration(
        _ configuration: Configuration,
        _ services: PluginServices,
        _ fleet: PluginFleet,
        _ registry: RegistrySwitch,
        _ relay: ChangeRelay
    ) -> Installer.Configuration {
        var installer = Installer.Configuration(
            layout: configuration.layout.installation,
            ledger: services.ledger,
            runner: fleet,
            catalogue: registry
        )
        installer.healthWindow = configuration.healthWindow
        installer.now = services.clock
        installer.copies = { await relay.copies(of: $0) }
        installer.progress = { relay.changed($0) }
        return installer
    }

    /// The registry that was named, now or before.
    private func chooseRegistry(_ named: String?) async throws(Failure) {
        let location = try await services.ask { database throws(StoreError) in
            if let named { try database.setFact(Self.registryFact, named == "none" ? nil : named) }
            return try database.fact(Self.registryFact)
        }
        try registry.use(location)
    }

    static let registryFact = "registry"

    /// Undoes and finishes what the last run of the host left half done, before any of it is used.
    private func recover() async throws(Failure) {
        let report = try await installer.recover()
        for change in report.undone + report.finished {
            logger.notice(
                "a change that was interrupted is settled",
                metadata: [
                    "change": "\(change.number)", "what": "\(change.summary)", "state": "\(change.state.rawValue)",
                ]
            )
        }
        for problem in report.unresolved {
            logger.error("a change that was interrupted cannot be settled", metadata: ["reason": "\(problem)"])
        }
    }

    // MARK: Life

    /// Starts all plugins that shall run, side by side, then goes on with what the last run of the host began, and looks for
    /// what is new. Does not wait for them.
    package func begin() async {
        await fleet.begin()
        services.events.publish("host", "hostd has started in \(layout.root)")
        await installer.resume()
        dropIns.begin()
        await links.begin()
        home.begin(after: dropIns.firstLook)
        reconciler.begin(after: dropIns.firstLook)
    }

    /// Stops all plugins, side by side, and writes what waits. Takes at most as long as the slowest plugin: 7 s.
    package func shutDown() async {
        home.end()
        reconciler.end()
        links.end()
        dropIns.end()
        await installer.shutDown()
        await fleet.shutDown()
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
}

/// Tells the host's parts of a change, which are made after the one that makes changes.
private final class ChangeRelay: Sendable {
    private let runtime = Mutex<WeakRuntime>(WeakRuntime())

    private struct WeakRuntime {
        weak var value: HostRuntime?
    }

    func connect(to runtime: HostRuntime) {
        self.runtime.withLock { $0.value = runtime }
    }

    func changed(_ change: Change) {
        runtime.withLock { $0.value }?.changed(change)
    }

    func copies(of plugin: String) async -> [DropInRecord] {
        guard let runtime = runtime.withLock({ $0.value }) else { return [] }
        return await runtime.dropIns.copies(of: plugin)
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
