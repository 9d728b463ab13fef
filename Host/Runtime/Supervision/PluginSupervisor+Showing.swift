package import HostAPI
import Manifests
import Store

/// What a plugin looks like from outside.
extension PluginSupervisor {
    /// How long a plugin may take to say how it is.
    static let healthLimit: Duration = .seconds(1)

    package func health() async -> JSONValue? {
        guard let worker, worker.stage == .started else { return nil }
        let answer = try? await worker.process.channel.request(timeout: Self.healthLimit) { .health(operation: $0) }
        guard let answer, answer.status == .ok, !answer.json.isEmpty else { return nil }
        return try? JSONValue(parsing: answer.json)
    }

    package func detail() async -> PluginDetail {
        let health = await health()
        let manifest = code?.package.manifest
        let deaths = try? await services.ledger.perform { [id] database throws(StoreError) in
            try database.deaths(ofPlugin: id, limit: 10)
        }
        return PluginDetail(
            summary: summary(),
            description: manifest?.description ?? "",
            license: manifest?.license ?? "",
            packageDirectory: installed.map { services.directory(of: $0) } ?? "",
            dataDirectory: services.layout.dataDirectory(of: id),
            permissions: manifest?.permissions.jsonValue ?? .object([:]),
            commands: manifest?.commands.map { CommandDescription(name: $0.name, title: $0.title) } ?? [],
            settingsRevision: settings.revision,
            sandbox: worker?.features ?? [],
            health: health,
            resources: worker.flatMap {
                ResourceSampler.sample($0.process.processID, name: id, restarts: restarts)
            },
            deaths: deaths?.map { WorkerDeath(time: $0.time, cause: $0.cause) } ?? [],
            droppedReadings: worker?.droppedReadings ?? 0,
            droppedLogLines: worker?.droppedLogLines ?? 0,
            startMilliseconds: worker?.startDuration?.fractionalMilliseconds,
            previousVersion: installed?.previousVersion?.version,
            installedAt: installed?.version.installed,
            codeHash: code?.hash,
            link: installed?.link.map { services.checkouts.describe($0) }
        )
    }

    package func resources() -> ResourceUsage? {
        worker.flatMap { ResourceSampler.sample($0.process.processID, name: id, restarts: restarts) }
    }

    func summary() -> PluginSummary {
        let (state, message, outcome) = shownState()
        return PluginSummary(
            id: id,
            name: code?.package.manifest.name ?? id,
            version: code?.package.manifest.version.description ?? installed?.version.version ?? "",
            state: state,
            message: message,
            outcome: outcome,
            isEnabled: isEnabled,
            processID: worker?.process.processID,
            runningSince: worker?.readySince,
            restarts: restarts,
            devices: services.devices.count(ofPlugin: id),
            isolation: isolation.rawValue,
            origin: installed?.origin ?? "",
            isPinned: installed?.isPinned ?? false
        )
    }

    private func shownState() -> (PluginState, String, LoadOutcome) {
        if let problem, isEnabled { return (problem.state, problem.message, problem.outcome) }
        if isReplacedInHost { return (.needsHostRestart, "hostd has to be started anew to use what is installed", .ok) }
        switch lifecycle.phase {
        case .resting(.stopped) where services.isSafeMode:
            return (.stopped, "hostd runs with --safe: no plugin starts by itself", .safeMode)
        case .resting(.stopped): return (.stopped, "", .ok)
        case .resting(.disabled): return (.disabled, "", .disabled)
        case .resting(.failed(let outcome, let message)): return (.failed, message, outcome)
        case .resting(.auth(let message)): return (.auth, message, .ok)
        case .resting(.crashLooping(let message)): return (.crashLooping, message, .ok)
        case .resting(.quarantined(let message)): return (.quarantined, message, .quarantined)
        case .probing: return (.starting, "its code is being tried", .ok)
        case .starting: return (.starting, worker?.reported?.text ?? "", .ok)
        case .stopping: return (.stopping, "", .ok)
        case .pausing(let reason): return (.backingOff, reason, .ok)
        case .running:
            switch worker?.reported {
            case (.degraded, let text)?: return (.degraded, text, .ok)
            case (.auth, let text)?: return (.auth, text, .ok)
            case (.starting, let text)?: return (.starting, text, .ok)
            case (.running, let text)?: return (.running, text, .ok)
            case nil: return (.running, "", .ok)
            }
        }
    }
}
