package import HostAPI
import Manifests
import Store

/// The settings of a plugin: validated, offered to the running plugin, stored.
extension PluginSupervisor {
    /// The longest settings document, in bytes of JSON: the header's limit for a document.
    static let largestSettings = 1 << 20
    /// How long a plugin may take to accept new settings.
    static let applyLimit: Duration = .seconds(10)

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
    ///
    /// - Parameters:
    ///   - save: The document.
    ///   - author: Who saves it.
    ///   - permit: Asked with JSON pointers of all that changes, before anything is done.
    /// - Returns: What it did.
    /// - Throws: Why nothing was changed.
    package func save(
        _ save: SettingsSave,
        author: String,
        permit: @Sendable ([String]) async throws(Failure) -> Void = { _ in }
    ) async throws(Failure) -> SettingsResult {
        try await exclusively { () async throws(Failure) -> SettingsResult in
            guard let schema = code?.package.manifest.settings else {
                throw Failure(
                    .refused,
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
            try await permit(change.entries.map(\.pointer))
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
        services.alerts.clear(id, Self.unfitSettings)
        if isLive {
            worker?.settingsRevision = settings.revision
            // Else the next pass finds that it runs with other settings, and starts it anew.
            post()
        }
        var message = "applied while running"
        if !isLive {
            message = "kept for the next start"
            if isEnabled, problem == nil, lifecycle.phase != .resting(.stopped) {
                handle(lifecycle.isActive ? .restart : .start)
                await settle()
                message = "restarted with them: \(id) is \(summary().state.rawValue)"
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
            guard error == .timedOut else {
                throw Failure(.commandFailed, "\(id) ended while it took the settings; the old ones stay")
            }
            // It may still take them, later than anybody waits for: a new worker starts with the old ones for certain.
            handle(.restart)
            await settle()
            throw Failure(.timedOut, "\(id) did not accept the settings in time and was restarted with the old ones")
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
}
