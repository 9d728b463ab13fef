internal import GRDB

/// A key that a desired-state file says, and so owns.
package struct OwnedKey: Sendable, Equatable {
    package var plugin: String
    /// A JSON pointer: `/enabled`, `/version`, `/settings/poll_interval`.
    package var pointer: String
    package var file: String
    /// From 1.
    package var line: Int
    /// The user has said otherwise meanwhile.
    package var isOverridden: Bool

    package init(plugin: String, pointer: String, file: String, line: Int, isOverridden: Bool = false) {
        self.plugin = plugin
        self.pointer = pointer
        self.file = file
        self.line = line
        self.isOverridden = isOverridden
    }
}

extension StateDatabase {
    /// Of that plugin or, for nil, of every one: by plugin and pointer.
    package func ownedKeys(ofPlugin plugin: String? = nil) throws(StoreError) -> [OwnedKey] {
        try file.read("read the keys that the desired-state file owns") { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM owned_keys WHERE ?1 IS NULL OR plugin = ?1 ORDER BY plugin, pointer",
                arguments: [plugin]
            ).map(OwnedKey.init)
        }
    }

    /// Takes in what a file owns now, in place of all that was owned before. A key that the user has overridden stays so as
    /// long as the file has it.
    package func replaceOwnedKeys(_ keys: [OwnedKey]) throws(StoreError) {
        try file.write("store the keys that the desired-state file owns") { database in
            let before = try Row.fetchAll(database, sql: "SELECT * FROM owned_keys ORDER BY plugin, pointer")
                .map(OwnedKey.init)
            let overridden = Set(before.filter(\.isOverridden).map(Name.init))
            let after = keys.map { key in
                var key = key
                key.isOverridden = key.isOverridden || overridden.contains(Name(key))
                return key
            }.sorted { ($0.plugin, $0.pointer) < ($1.plugin, $1.pointer) }
            // The file is read anew more often than it changes.
            guard after != before else { return }
            try database.execute(sql: "DELETE FROM owned_keys")
            for key in after {
                try database.execute(
                    sql: """
                        INSERT OR REPLACE INTO owned_keys (plugin, pointer, file, line, is_overridden)
                        VALUES (?, ?, ?, ?, ?)
                        """,
                    arguments: [key.plugin, key.pointer, key.file, key.line, key.isOverridden]
                )
            }
        }
    }

    /// Notes that the user has said otherwise than the file, or does so no longer.
    ///
    /// - Returns: False if no file owns the key.
    @discardableResult
    package func setOverridden(
        _ isOverridden: Bool,
        plugin: String,
        pointer: String
    ) throws(StoreError) -> Bool {
        try file.write("note what overrides the desired-state file for \(plugin)") { database in
            try database.execute(
                sql: "UPDATE owned_keys SET is_overridden = ? WHERE plugin = ? AND pointer = ?",
                arguments: [isOverridden, plugin, pointer]
            )
            return database.changesCount > 0
        }
    }
}

/// What a key is called, whoever owns it.
private struct Name: Hashable {
    var plugin: String
    var pointer: String

    init(_ key: OwnedKey) {
        plugin = key.plugin
        pointer = key.pointer
    }
}

extension OwnedKey {
    fileprivate init(_ row: Row) {
        self.init(
            plugin: row["plugin"],
            pointer: row["pointer"],
            file: row["file"],
            line: row["line"],
            isOverridden: row["is_overridden"]
        )
    }
}
