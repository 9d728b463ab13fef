package import HostAPI
package import Store

extension Installer {
    /// Switches a plugin on or off, with a record of it in the same commit. Whoever runs it has to be told.
    ///
    /// - Parameters:
    ///   - isEnabled: On or off. What is so already costs nothing and is not recorded.
    ///   - plugin: Its id.
    ///   - author: Who wants it.
    /// - Throws: `no-such-plugin` if it is not installed.
    package func setEnabled(_ isEnabled: Bool, plugin: String, author: String) async throws(Failure) {
        let desired = try await store { database throws(StoreError) in try database.desiredPlugin(plugin) }
        guard let desired, desired.installation.isWanted else { throw Failure.notInstalled(plugin) }
        guard desired.isEnabled != isEnabled else { return }
        try await note(
            isEnabled ? .enable : .disable,
            plugin: plugin,
            author: author,
            summary: "\(isEnabled ? "enable" : "disable") \(plugin)",
            message: "\(plugin) is \(isEnabled ? "enabled" : "disabled")",
            writes: [.enabled(isEnabled, plugin: plugin)]
        )
    }

    /// Records something that was done in one commit, together with what it stores.
    ///
    /// - Parameters:
    ///   - kind: What was done.
    ///   - plugin: To which plugin.
    ///   - author: Who wanted it.
    ///   - summary: One line: "disable kasa".
    ///   - message: What came of it.
    ///   - writes: What is stored with it.
    /// - Throws: If it cannot be stored.
    package func note(
        _ kind: ChangeKind,
        plugin: String,
        author: String,
        summary: String,
        message: String,
        writes: [StateWrite] = []
    ) async throws(Failure) {
        let now = services.now()
        var change = Change(
            number: 0,
            kind: kind,
            plugin: plugin,
            summary: summary,
            author: author,
            state: .done,
            message: message,
            created: now,
            ended: now
        )
        let record = ChangeRecord(change: change, isCommitted: true, parameters: "{}")
        change.number = try await store { database throws(StoreError) in
            try database.begin(record, with: { _ in writes })
        }
        services.progress(change)
    }
}
