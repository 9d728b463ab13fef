internal import GRDB
package import HostAPI

extension StateDatabase {
    /// Puts code away; an entry of the same hash is replaced, and the code counts as not probed.
    package func addQuarantine(_ entry: QuarantineEntry) throws(StoreError) {
        try file.write("quarantine \(entry.plugin)") { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO quarantine (hash, plugin, reason, since_ms) VALUES (?, ?, ?, ?)",
                arguments: [entry.hash, entry.plugin, entry.reason, entry.since.milliseconds]
            )
            try database.execute(sql: "DELETE FROM probed WHERE hash = ?", arguments: [entry.hash])
        }
    }

    /// Oldest first.
    package func quarantine() throws(StoreError) -> [QuarantineEntry] {
        try file.read("read the quarantine") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM quarantine ORDER BY since_ms, hash")
                .map(QuarantineEntry.init)
        }
    }

    /// Why the code is not loaded, nil if it may be.
    package func quarantineReason(ofHash hash: String) throws(StoreError) -> String? {
        try file.read("read the quarantine") { database in
            try String.fetchOne(database, sql: "SELECT reason FROM quarantine WHERE hash = ?", arguments: [hash])
        }
    }

    /// Lifts every entry whose hash begins with `hashOrPlugin` (at least 6 digits) or that belongs to that plugin.
    ///
    /// - Returns: What was lifted.
    package func liftQuarantine(_ hashOrPlugin: String) throws(StoreError) -> [QuarantineEntry] {
        // A plugin may be called `decade`: its own entries are lifted then, and hashes of that beginning too.
        let prefix = hashOrPlugin.lowercased()
        let isHash = prefix.count >= 6 && prefix.utf8.allSatisfy("0123456789abcdef".utf8.contains)
        return try file.write("lift the quarantine of \(hashOrPlugin)") { database in
            try Row.fetchAll(
                database,
                sql: """
                    DELETE FROM quarantine
                    WHERE plugin = ?1 OR (?2 AND substr(hash, 1, length(?3)) = ?3)
                    RETURNING *
                    """,
                arguments: [hashOrPlugin, isHash, prefix]
            ).map(QuarantineEntry.init).sorted { ($0.since, $0.hash) < ($1.since, $1.hash) }
        }
    }

    /// Remembers that the code passed its probe.
    package func rememberProbed(hash: String, plugin: String) throws(StoreError) {
        try file.write("remember the probe of \(plugin)") { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO probed (hash, plugin) VALUES (?, ?)",
                arguments: [hash, plugin]
            )
        }
    }

    package func isProbed(hash: String) throws(StoreError) -> Bool {
        try file.read("read the probed code") { database in
            try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM probed WHERE hash = ?)",
                arguments: [hash]
            ) ?? false
        }
    }
}

extension QuarantineEntry {
    fileprivate init(_ row: Row) {
        self.init(
            hash: row["hash"],
            plugin: row["plugin"],
            reason: row["reason"],
            since: Timestamp(milliseconds: row["since_ms"])
        )
    }
}
