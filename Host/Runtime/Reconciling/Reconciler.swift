import HostAPI
import Installation
import Logging
import Reconcile
import Store
import Synchronization

/// Compares what is wanted with what is, again and again, and mends the difference. What is to be done is decided by the
/// `Planner`; this carries it out.
///
/// One full pass follows the host's start, then one every five minutes, and between them a look at each plugin that
/// something has happened to. Nothing that a client reads begins one.
final class Reconciler: Sendable {
    /// Between two full passes.
    static let interval: Duration = .seconds(300)

    let services: PluginServices
    let fleet: PluginFleet
    let installer: Installer
    let observation: Observation
    private let logger: Logger
    /// One pass, or one plugin, at a time.
    private let gate = OperationGate()
    private let dirty = Mutex(DirtySet<String>())
    private let isOver = Mutex(false)
    /// What the database said at the last full pass.
    private let desired = Mutex<DesiredSources?>(nil)

    init(services: PluginServices, fleet: PluginFleet, installer: Installer, logger: Logger) {
        self.services = services
        self.fleet = fleet
        self.installer = installer
        self.logger = logger
        observation = Observation(
            layout: services.layout.installation,
            board: services.board,
            openChanges: { installer.openChanges }
        )
    }

    // MARK: By itself

    /// - Parameter settled: What it waits for: what lies in the drop-in directory is taken up first.
    func begin(after settled: OneTimeEvent) {
        Task {
            await settled.wait()
            await fullPass()
        }
    }

    func end() {
        isOver.withLock { $0 = true }
    }

    private func fullPass() async {
        guard !isOver.withLock({ $0 }) else { return }
        do throws(Failure) {
            let report = try await pass(ReconcileRequest())
            services.alerts.clear("host", "reconcile")
            if report.found > 0 { logger.notice("\(report.summary)") }
        } catch {
            services.alerts.raise(
                "host",
                "reconcile",
                .error,
                title: "What runs cannot be compared with what shall run",
                detail: error.description
            )
        }
        // What was kept of uninstalled plugins goes when its time is over; what fails is met again.
        _ = try? await installer.purgeExpired()
        services.reactor.schedule(after: Self.interval) { [weak self] in
            guard let self else { return }
            Task { await self.fullPass() }
        }
    }

    /// Something has happened to the plugin: it is looked at soon.
    func mark(_ plugin: String) {
        dirty.withLock { $0.add(plugin) }
        Task { await workOff() }
    }

    private func workOff() async {
        while !isOver.withLock({ $0 }), let plugin = dirty.withLock({ $0.take(at: services.clock()) }) {
            // What goes wrong is in the repair memory, or is met again by the next full pass.
            let report = try? await pass(ReconcileRequest(plugins: [plugin]))
            if let report, report.found > 0 { logger.notice("\(plugin): \(report.summary)") }
            let memory = try? await services.repairMemory(of: plugin)
            let again = memory?.pauseEnd(at: services.clock())
            dirty.withLock { $0.finish(plugin, againAt: again) }
        }
        scheduleNext()
    }

    private func scheduleNext() {
        let now = services.clock()
        guard let due = dirty.withLock({ $0.nextDue(after: now) }), due > now else { return }
        services.reactor.schedule(after: due - now) { [weak self] in
            guard let self else { return }
            Task { await self.workOff() }
        }
    }

    // MARK: A pass

    /// Finds out, plans, and unless it is a dry run carries out the plan.
    ///
    /// - Throws: If a source cannot be read: then nothing is decided and nothing changed.
    ///
    /// - Parameters:
    ///   - request: What to look at, and how.
    ///   - looksClosely: What the store holds is read and compared with what was installed, as a user's own pass does.
    /// - Returns: What was found and done.
    func pass(_ request: ReconcileRequest, looksClosely: Bool = false) async throws(Failure) -> ReconcileReport {
        await gate.enter()
        defer { gate.leave() }
        let begun = ContinuousClock.now
        let conditions = PassConditions(
            now: services.clock(),
            isForced: request.isForced,
            isSafeMode: services.isSafeMode
        )
        let plan = Planner.plan(try await snapshot(of: request.plugins, looksClosely: looksClosely), conditions)
        var findings: [Finding] = []
        if request.isDryRun {
            findings = plan.findings
        } else {
            findings = await carryOut(plan, isForced: request.isForced)
        }
        return ReconcileReport(
            findings: findings,
            isDryRun: request.isDryRun,
            milliseconds: (ContinuousClock.now - begun).fractionalMilliseconds
        )
    }

    private func snapshot(of plugins: [String], looksClosely: Bool) async throws(Failure) -> Snapshot {
        let wanted = plugins.isEmpty ? nil : Set(plugins)
        let known = desired.withLock { $0 }
        var sources = try await services.desiredSources(of: wanted, known: wanted == nil ? known : nil)
        if wanted == nil { desired.withLock { [sources] in $0 = sources } }
        var observed = try observation.states(of: wanted, active: sources.active)
        if looksClosely {
            for (id, damage) in await fleet.damage(besides: Set(observed.filter { $0.value.damage != nil }.keys)) {
                if observed[id]?.directories.isEmpty == false { observed[id]?.damage = damage }
            }
        }
        for (id, state) in observed {
            // The manifest and the user's allow-list decide that when the worker starts, not a row.
            if let isolation = state.worker?.isolation { sources.desired[id]?.isolation = isolation }
        }
        for id in wanted ?? []
        where sources.desired[id] == nil && observed[id] == nil && !sources.tombstones.contains(id) {
            _ = try fleet.supervisor(id)
        }
        return try Snapshot(
            desired: .success(sources.desired),
            observed: .success(observed),
            tombstones: .success(sources.tombstones),
            repairs: .success(sources.repairs)
        )
    }
}

/// What the database knows for a pass.
struct DesiredSources: Sendable {
    /// Of the database.
    var version: DatabaseVersion?
    var desired: [String: DesiredState] = [:]
    /// The directories of the active versions, by plugin.
    var active: [String: String] = [:]
    var tombstones: Set<String> = []
    var repairs: [String: RepairMemory] = [:]
}
