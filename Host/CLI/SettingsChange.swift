import HostAPI

/// Changes of single settings, whoever else changes others at the same time.
struct SettingsChange: Sendable {
    /// How often a save is tried again that somebody else's came before.
    static let retries = 10

    /// Also changes what the desired-state file sets.
    var overridesFile = false

    /// How long to wait before the given try, 1 for the second one. At random, so that many at once do not meet again.
    var pause: @Sendable (_ retry: Int) -> Duration = { .milliseconds(Int.random(in: 10...(40 * $0))) }

    /// Reads what was set, changes it and saves it, provided that nobody else saved meanwhile; else all of it again.
    ///
    /// - Parameters:
    ///   - host: who keeps the settings.
    ///   - id: the plugin's.
    ///   - change: makes the document of what was set (`saved`) another one; it may be called several times.
    /// - Returns: what the save did.
    /// - Throws: what `change` or the host throws: `conflict` only after all tries.
    func make(
        _ host: some Host,
        _ id: String,
        _ change: (SettingsDocument) throws(Failure) -> JSONValue
    ) async throws(Failure) -> SettingsResult {
        var retry = 0
        while true {
            let settings = try await host.settings(ofPlugin: id)
            let save = SettingsSave(
                document: try change(settings),
                ifRevision: settings.revision,
                overridesFile: overridesFile ? true : nil
            )
            do {
                return try await host.saveSettings(save, ofPlugin: id)
            } catch {
                guard error.code == .conflict, retry < Self.retries else { throw error }
            }
            retry += 1
            do {
                try await Task.sleep(for: pause(retry))
            } catch {
                throw Failure(.cancelled, "Cancelled.")
            }
        }
    }
}
