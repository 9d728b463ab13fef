package import HostAPI
import Manifests
import Store

/// What users ask of a plugin.
extension PluginSupervisor {
    /// The longest settings document, in bytes of JSON: the header's limit for a document.
    static let largestSettings = 1 << 20
    /// How long a plugin may take to accept new settings.
    static let applyLimit: Duration = .seconds(10)
    /// How long a plugin may take to say how it is.
    static let healthLimit: Duration = .seconds(1)

    /// Starts what the desired state wants running. Does not wait.
    package func begin() {
        post()
        if isEnabled, problem == nil { handle(.start) }
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
                if action == .restart || !lifecycle.isActive { await reload() }
                handle(action == .start ? .start : .restart)
            case .stop: handle(.stop(.stopped))
            case .enable:
                try await setEnabled(true)
                if !lifecycle.isActive { await reload() }
                handle(.start)
            case .disable:
                try await setEnabled(false)
                handle(.stop(.disabled))
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

    /// States in which a start has not led to a running plugin.
    private static let unsuccessful: Set<PluginState> = [.auth, .backingOff, .crashLooping, .failed, .quarantined]

    /// The user lets quarantined code try again.
    package func quarantineLifted() async throws(Failure) {
        try await exclusively { () async throws(Failure) in
            await reload()
            handle(.stop(isEnabled ? .stopped : .disabled))
            if isEnabled { handle(.start) }
            await settle()
        }
    }

    private func setEnabled(_ isEnabled: Bool) async throws(Failure) {
        do throws(StoreError) {
            _ = try await services.ledger.perform { [id] database throws(StoreError) in
                try database.setEnabled(isEnabled, plugin: id)
            }
        } catch {
            throw error.failure
        }
        self.isEnabled = isEnabled
    }

    /// Reads the package again: the user may have mended it.
    private func reload() async {
        do {
            let code = try await PluginCode.load(directory: directory, ledger: services.ledger)
            guard code.package.manifest.id.text == id else {
                throw Failure(.invalidArgument, "its manifest now says that it is \(code.package.manifest.id)")
            }
            self.code = code
            problem = nil
            let isQuarantined = code.quarantineReason != nil
            lifecycle.codeChanged(isProbed: code.isProbed && !isQuarantined, isQuarantined: isQuarantined)
            if !isQuarantined { services.alerts.clear(id, PluginLifecycle.AlertKey.quarantined.rawValue) }
        } catch {
            let outcome = (error as? PackageError)?.outcome ?? .badManifest
            problem = (outcome, Failure(error).message)
            code = nil
        }
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
                    "\(id) did not complete \(name) within \(timeout.components.seconds) s; whether it took effect is not known"
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

    package func health() async -> JSONValue? {
        guard let worker, worker.stage == .started else { return nil }
        let answer = try? await worker.process.channel.request(timeout: Self.healthLimit) { .health(operation: $0) }
        guard let answer, answer.status == .ok, !answer.json.isEmpty else { return nil }
        return try? JSONValue(parsing: answer.json)
    }

    // MARK: Settings

    package func settingsDocument() -> SettingsDocument {
        let schema = code?.package.manifest.settings
        let document = schema?.fillingDefaults(settings.saved) ?? settings.saved
        return SettingsDocument(
            revision: settings.revision,
            document: schema?.masking(document) ?? document,
            saved: schema?.masking(settings.saved) ?? settings.saved
        )
    }

    /// Validates, lets the plugin accept what changed, and only then stores it: what it refuses was never in force.
    package func save(_ save: SettingsSave, author: String) async throws(Failure) -> SettingsResult {
        try await exclusively { () async throws(Failure) -> SettingsResult in
            guard let schema = code?.package.manifest.settings else {
                throw Failure(
                    .conflict,
                    "the settings of \(id) cannot be checked: \(problem?.message ?? "it has no manifest")"
                )
            }
            if let expected = save.ifRevision, expected != settings.revision {
                throw Failure(
                    .conflict,
                    "the settings of \(id) were changed meanwhile: revision \(settings.revision), not \(expected)",
                    hint: "read them again and repeat the change"
                )
            }
            let new = schema.fillingDefaults(save.document)
            guard new.text.utf8.count <= Self.largestSettings else {
                throw Failure(
                    .invalidSettings,
                    "the settings of \(id) would have \(new.text.utf8.count) bytes; \(Self.largestSettings) are allowed"
                )
            }
            let problems = schema.validate(new)
            guard problems.isEmpty else {
                throw Failure(.invalidSettings, problems.map(\.description).joined(separator: "\n"))
            }
            let change = schema.diff(old: schema.fillingDefaults(settings.saved), new: new)
            guard !change.isEmpty else {
                return SettingsResult(
                    revision: settings.revision,
                    changed: [],
                    scope: nil,
                    message: "nothing changed, nothing was done"
                )
            }
            return try await apply(change, saving: save.document, filled: new, author: author)
        }
    }

    private func apply(
        _ change: SettingsChange,
        saving document: JSONValue,
        filled: JSONValue,
        author: String
    ) async throws(Failure) -> SettingsResult {
        // A change that does not fit into one message is not offered: the plugin starts anew with the new settings.
        let fits = filled.text.utf8.count + change.jsonValue.text.utf8.count < Frame.maximumPayload - 1_024
        let isLive = worker?.stage == .started && change.scope < .plugin && fits
        if isLive { try await offer(change, document: filled) }
        try await store(document, author: author)
        var message = "saved as revision \(settings.revision), applied while running"
        if !isLive {
            message = "saved as revision \(settings.revision)"
            if isEnabled, problem == nil, lifecycle.phase != .resting(.stopped) {
                handle(lifecycle.isActive ? .restart : .start)
                await settle()
                message += ", restarted: \(id) is \(summary().state.rawValue)"
            }
        }
        services.logs.note(id, .info, "settings: \(change.description); \(message)")
        services.events.publish("settings", plugin: id, "settings of \(id) \(message)")
        return SettingsResult(
            revision: settings.revision,
            changed: change.entries.map(\.pointer),
            scope: change.scope.rawValue,
            message: message
        )
    }

    /// Hands a change to the running plugin.
    ///
    /// - Throws: `invalid-settings` if it refuses: it goes on with the old settings.
    private func offer(_ change: SettingsChange, document: JSONValue) async throws(Failure) {
        guard let channel = worker?.process.channel else { return }
        let revision = UInt64(settings.revision + 1)
        let text = document.text
        let changes = change.jsonValue.text
        let scope = UInt32(change.scope.code)
        let answer: Answer
        do {
            answer = try await channel.request(timeout: Self.applyLimit) {
                .apply(operation: $0, scope: scope, revision: revision, settings: text, changes: changes)
            }
        } catch {
            throw Failure(
                error == .timedOut ? .timedOut : .commandFailed,
                error == .timedOut
                    ? "\(id) did not accept the settings in time; the old ones stay"
                    : "\(id) ended while it took the settings; the old ones stay"
            )
        }
        guard answer.status == .ok else {
            throw Failure(
                .invalidSettings,
                "\(id) refused the settings: \(answer.message.isEmpty ? "without a reason" : answer.message)",
                hint: "the old ones stay in force"
            )
        }
    }

    private func store(_ document: JSONValue, author: String) async throws(Failure) {
        let now = services.clock()
        do throws(StoreError) {
            let revision = try await services.ledger.perform { [id] database throws(StoreError) in
                try database.saveSettings(document, ofPlugin: id, author: author, at: now)
            }
            settings = PluginSettings(revision: revision, saved: document)
        } catch {
            throw error.failure
        }
    }

    // MARK: Looking

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
            packageDirectory: directory,
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
            startMilliseconds: worker?.startDuration.map {
                Double($0.components.attoseconds) / 1e15 + Double($0.components.seconds) * 1e3
            }
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
            version: code?.package.manifest.version.description ?? "",
            state: state,
            message: message,
            outcome: outcome,
            isEnabled: isEnabled,
            processID: worker?.process.processID,
            runningSince: worker?.readySince,
            restarts: restarts,
            devices: services.devices.count(ofPlugin: id),
            isolation: isolation.rawValue
        )
    }

    private func shownState() -> (PluginState, String, LoadOutcome) {
        if let problem, isEnabled { return (.failed, problem.message, problem.outcome) }
        switch lifecycle.phase {
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
