internal import GRDB

/// One change of what a plugin remembers.
package struct PluginStateChange: Sendable, Equatable {
    package var plugin: String
    package var key: String
    /// Nil forgets the key.
    package var value: String?

    package init(plugin: String, key: String, value: String?) {
        self.plugin = plugin
        self.key = key
        self.value = value
    }
}

extension StateDatabase {
    /// Everything that the plugin remembers.
    package func pluginState(_ plugin: String) throws(StoreError) -> [String: String] {
        try file.read("read the state of \(plugin)") { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT key, value FROM plugin_state WHERE plugin = ?",
                arguments: [plugin]
            )
            return Dictionary(uniqueKeysWithValues: rows.map { row in (row["key"], row["value"]) })
        }
    }

    /// Stores all changes, of any plugins, in one commit.
    package func writePluginState(_ changes: [PluginStateChange]) throws(StoreError) {
        try file.write("store the state of plugins") { database in
            for change in changes {
                if let value = change.value {
                    try database.cachedStatement(
                        sql: """
                            INSERT INTO plugin_state (plugin, key, value) VALUES (?, ?, ?)
                            ON CONFLICT (plugin, key) DO UPDATE SET value = excluded.value
                            WHERE value IS NOT excluded.value
                            """
                    ).execute(arguments: [change.plugin, change.key, value])
                } else {
                    try database.cachedStatement(sql: "DELETE FROM plugin_state WHERE plugin = ? AND key = ?")
                        .execute(arguments: [change.plugin, change.key])
                }
            }
        }
    }
}
