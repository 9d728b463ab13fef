import Glibc
package import HostAPI
import Installation
import Logging
package import Manifests
import Reconcile
import Store
import Synchronization

/// All supervisors: one for each plugin that is installed, and one for each package in the drop-in directory that cannot be.
package final class PluginFleet: Sendable {
    let services: PluginServices
    private let logger: Logger
    private let supervisors = Mutex<[String: PluginSupervisor]>([:])
    /// Plugins are started as they are taken up; not before the host itself is up.
    private let isUp = Mutex(false)
    /// By plugin: what came of its last probe, if that failed.
    private let failedProbes = Mutex<[String: LoadOutcome]>([:])

    init(services: PluginServices, logger: Logger) {
        self.services = services
        self.logger = logger
    }

    var all: [PluginSupervisor] { supervisors.withLock { Array($0.values) } }

    var ids: [String] { supervisors.withLock { Array($0.keys) } }

    /// - Throws: `no-such-plugin`, with a suggestion for a misspelt id.
    func supervisor(_ id: String) throws(Failure) -> PluginSupervisor {
        if let supervisor = known(id) { return supervisor }
        throw Failure(
            .noSuchPlugin,
            "there is no plugin \"\(id)\"",
            hint: Suggestion.nearest(to: id, among: ids).map { "did you mean \"\($0)\"?" } ?? "`hostctl list` shows all"
        )
    }

    func known(_ id: String) -> PluginSupervisor? {
        supervisors.withLock { $0[id] }
    }

    // MARK: Life

    /// Makes a supervisor for each installed plugin. Starts none of them.
    func load() async throws(Failure) {
        let plugins = try await services.installedPlugins()
        let codes = await withTaskGroup(of: (Int, Result<PluginCode, PluginProblem>).self) { group in
            var codes: [Int: Result<PluginCode, PluginProblem>] = [:]
            var next = 0
            func addNext() {
                guard next < plugins.count else { return }
                let (index, installed) = (next, plugins[next])
                next += 1
                group.addTask { (index, await self.code(of: installed)) }
            }
            for _ in 0..<Self.breadth { addNext() }
            for await (index, code) in group {
                codes[index] = code
                addNext()
            }
            return codes
        }
        for (index, installed) in plugins.enumerated() {
            guard let code = codes[index] else { continue }
            let beginning = try await beginning(of: installed.id, installed, code)
            let supervisor = PluginSupervisor(beginning, services: services)
            supervisors.withLock { $0[installed.id] = supervisor }
            // Listed from the first moment, whenever its turn to start comes.
            await supervisor.post()
        }
    }

    /// How many packages are read side by side.
    private static let breadth = 4

    /// Starts all plugins that shall run, side by side. Does not wait for them.
    func begin() async {
        isUp.withLock { $0 = true }
        for supervisor in all { await supervisor.begin() }
        scheduleHeartbeat()
    }

    /// One beat for all workers at the same moment, so that an idle host wakes seldom.
    private func scheduleHeartbeat() {
        services.reactor.schedule(after: PluginSupervisor.heartbeatInterval) { [self] in
            for supervisor in all { supervisor.assumeIsolated { $0.beat() } }
            scheduleHeartbeat()
        }
    }

    /// Stops all plugins, side by side. Takes at most as long as the slowest of them: 7 s.
    func shutDown() async {
        await withTaskGroup { group in
            for supervisor in all { group.addTask { await supervisor.shutDown() } }
        }
    }

    private func code(of installed: InstalledPlugin) async -> Result<PluginCode, PluginProblem> {
        do {
            return .success(try await PluginCode.load(installed, services))
        } catch {
            logger.warning(
                "a plugin cannot be used",
                metadata: ["plugin": "\(installed.id)", "reason": "\(Failure(error))"]
            )
            return .failure(PluginProblem(error))
        }
    }

    private func beginning(
        of id: String,
        _ installed: InstalledPlugin?,
        _ code: Result<PluginCode, PluginProblem>
    ) async throws(Failure) -> PluginSupervisor.Beginning {
        let now = services.clock()
        do throws(StoreError) {
            return try await services.ledger.perform { database throws(StoreError) in
                var (code, settings) = (code, PluginSettings())
                do throws(StoreError) {
                    settings = PluginSettings(try database.settings(ofPlugin: id))
                } catch {
                    // It must not start as if it had none; the others have nothing to do with it.
                    guard case .damaged = error else { throw error }
                    code = .failure(PluginProblem(.startFailed, error.failure.description))
                }
                return PluginSupervisor.Beginning(
                    id: id,
                    installed: installed,
                    code: code,
                    settings: settings,
                    deaths: try database.deaths(ofPlugin: id, since: now - RestartPolicy.day).filter(\.isCrash)
                        .map(\.time),
                    restarts: try database.restarts(ofPlugin: id)
                )
            }
        } catch {
            throw error.failure
        }
    }

    func lastProbe(of plugin: String) -> LoadOutcome? {
        failedProbes.withLock { $0[plugin] }
    }

    /// Reads every installed package and compares it with what was installed.
    ///
    /// - Parameter known: These are known to be damaged.
    /// - Returns: By plugin, what is wrong.
    func damage(besides known: Set<String>) async -> [String: String] {
        var damage: [String: String] = [:]
        for installed in (try? await services.installedPlugins()) ?? [] where !known.contains(installed.id) {
            do {
                _ = try await PluginCode.load(installed, services)
            } catch {
                damage[installed.id] = Failure(error).message
            }
        }
        return damage
    }

    /// Has a plugin run with the settings that are stored, if it runs with others.
    ///
    /// - Returns: What was done.
    func applySettings(_ plugin: String) async throws(Failure) -> String {
        let stored = try await services.settings(of: plugin)
        let report = services.board.entries[plugin]?.report
        guard report?.settingsRevision != stored.revision else { return "has its settings already" }
        _ = try await takeUp(plugin)
        _ = try await supervisor(plugin).control(.restart)
        return "restarted with its settings"
    }

    // MARK: Packages that are not installed

    /// Shows a package in the drop-in directory under a name that no installed plugin has.
    func show(_ problem: PluginProblem, as name: String) async throws(Failure) {
        if let supervisor = known(name) {
            if supervisor.isPlaceholder { await supervisor.refuse(problem) }
            return
        }
        let supervisor = PluginSupervisor(
            try await beginning(of: name, nil, .failure(problem)),
            services: services
        )
        supervisors.withLock { $0[name] = supervisor }
        await supervisor.begin()
    }

    /// What was shown of a package is past.
    func forget(_ name: String) async {
        guard let supervisor = known(name), supervisor.isPlaceholder else { return }
        await remove(supervisor)
    }

    private func remove(_ supervisor: PluginSupervisor) async {
        await supervisor.shutDown()
        let id = supervisor.id
        supervisors.withLock { _ = $0.removeValue(forKey: id) }
        services.forget(id)
        // Its worker has ended: nobody holds them.
        for path in [services.layout.lockPath(of: id), services.layout.probeLockPath(of: id)] { unlink(path) }
    }
}

extension PluginFleet: PluginRunner {
    package func probe(_ package: Package, codeHash: String) async throws(Failure) {
        let id = package.manifest.id.text
        let probe = CodeProbe(program: services.program, layout: services.layout, reactor: services.reactor)
        let verdict = try await probe.verdict(on: package)
        failedProbes.withLock { $0[id] = verdict.outcome == .ok ? nil : verdict.outcome }
        switch verdict.outcome {
        case .ok:
            services.ledger.write { database throws(StoreError) in
                try database.rememberProbed(hash: codeHash, plugin: id)
            }
        case .probeCrashed, .probeTimeout:
            let entry = QuarantineEntry(hash: codeHash, plugin: id, reason: verdict.message, since: services.clock())
            services.logs.note(id, .error, "quarantined: \(verdict.message)")
            services.ledger.write { database throws(StoreError) in try database.addQuarantine(entry) }
            throw Failure(
                .commandFailed,
                "\(id) \(package.manifest.version) is quarantined: \(verdict.message)",
                hint: "replace the plugin, or try again with: hostctl quarantine lift \(id)"
            )
        default:
            throw Failure(.commandFailed, "\(id) \(package.manifest.version) cannot be loaded: \(verdict.message)")
        }
    }

    package func stop(_ plugin: String) async throws(Failure) -> Bool {
        guard let supervisor = known(plugin) else { return false }
        return try await supervisor.stopForChange()
    }

    package func takeUp(_ plugin: String) async throws(Failure) -> PluginState? {
        guard let installed = try await services.installedPlugin(plugin) else {
            guard let supervisor = known(plugin) else { return nil }
            let isHosted = await supervisor.hostedHash != nil
            await remove(supervisor)
            return isHosted ? .needsHostRestart : nil
        }
        if known(plugin) == nil {
            let beginning = try await beginning(of: plugin, installed, await code(of: installed))
            let supervisor = PluginSupervisor(beginning, services: services)
            supervisors.withLock { $0[plugin] = supervisor }
        }
        let settings = try await services.settings(of: plugin)
        return try await supervisor(plugin).takeUp(installed, settings: settings, starts: isUp.withLock { $0 })
    }

    package func observe(_ plugin: String, for window: Duration) async throws(Failure) {
        guard let supervisor = known(plugin) else { return }
        try await supervisor.observe(for: window)
    }
}
