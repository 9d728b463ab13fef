internal import GRDB

/// What the user wants of one plugin.
package struct DesiredPlugin: Sendable, Equatable {
    package var id: String
    package var isEnabled: Bool
    /// Grows by one with every change of this plugin's desired state.
    package var generation: Int64
    /// 0: no settings were ever saved.
    package var settingsRevision: Int64

    package init(id: String, isEnabled: Bool, generation: Int64, settingsRevision: Int64) {
        self.id = id
        self.isEnabled = isEnabled
        self.generation = generation
        self.settingsRevision = settingsRevision
    }
}

extension StateDatabase {
    /// Every plugin that has a desired state, by id.
    package func desiredPlugins() throws(StoreError) -> [DesiredPlugin] {
        try file.read("read the desired plugins") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM plugins ORDER BY id").map(DesiredPlugin.init)
        }
    }

    /// Nil if nothing was ever said about that plugin.
    package func desiredPlugin(_ id: String) throws(StoreError) -> DesiredPlugin? {
        try file.read("read the desired state of \(id)") { database in try database.desiredPlugin(id) }
    }

    /// Makes the plugin's row if there is none. The generation stays if nothing changes.
    @discardableResult
    package func setEnabled(_ isEnabled: Bool, plugin: String) throws(StoreError) -> DesiredPlugin {
        try file.write("\(isEnabled ? "enable" : "disable") \(plugin)") { database in
            let before = try database.desiredPlugin(plugin)
            if let before, before.isEnabled == isEnabled { return before }
            let after = DesiredPlugin(
                id: plugin,
                isEnabled: isEnabled,
                generation: (before?.generation ?? 0) + 1,
                settingsRevision: before?.settingsRevision ?? 0
            )
            try database.store(after)
            return after
        }
    }
}

extension DesiredPlugin {
    fileprivate init(_ row: Row) {
        self.init(
            id: row["id"],
            isEnabled: row["is_enabled"],
            generation: row["generation"],
            settingsRevision: row["settings_revision"]
        )
    }
}

extension Database {
    func desiredPlugin(_ id: String) throws -> DesiredPlugin? {
        try Row.fetchOne(self, sql: "SELECT * FROM plugins WHERE id = ?", arguments: [id]).map(DesiredPlugin.init)
    }

    func store(_ plugin: DesiredPlugin) throws {
        try execute(
            sql: """
                INSERT INTO plugins (id, is_enabled, generation, settings_revision) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET
                    is_enabled = excluded.is_enabled,
                    generation = excluded.generation,
                    settings_revision = excluded.settings_revision
                """,
            arguments: [plugin.id, plugin.isEnabled, plugin.generation, plugin.settingsRevision]
        )
    }
}
