internal import GRDB
package import HostAPI

/// What is remembered of failed attempts to repair a plugin.
package struct RepairRecord: Sendable, Equatable {
    package var plugin: String
    /// In a row.
    package var failures: Int
    /// No attempt before this moment; nil: at any time.
    package var notBefore: Timestamp?
    /// Why it is never tried again by itself; nil: it is.
    package var unrecoverable: String?
    /// When it was last tried.
    package var changed: Timestamp

    package init(
        plugin: String,
        failures: Int,
        notBefore: Timestamp?,
        unrecoverable: String?,
        changed: Timestamp
    ) {
        self.plugin = plugin
        self.failures = failures
        self.notBefore = notBefore
        self.unrecoverable = unrecoverable
        self.changed = changed
    }
}

extension StateDatabase {
    /// Every plugin with a failure, by id.
    package func repairs() throws(StoreError) -> [RepairRecord] {
        try file.read("read the failed repairs") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM repairs ORDER BY plugin").map(RepairRecord.init)
        }
    }

    /// Nil if nothing failed.
    package func repair(ofPlugin plugin: String) throws(StoreError) -> RepairRecord? {
        try file.read("read the failed repairs of \(plugin)") { database in
            try Row.fetchOne(database, sql: "SELECT * FROM repairs WHERE plugin = ?", arguments: [plugin])
                .map(RepairRecord.init)
        }
    }

    /// Takes the place of what was remembered before.
    package func storeRepair(_ record: RepairRecord) throws(StoreError) {
        try writeDesired("remember the failed repair of \(record.plugin)") { database in
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO repairs (plugin, failures, not_before_ms, unrecoverable, changed_ms)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    record.plugin, record.failures, record.notBefore?.milliseconds ?? 0, record.unrecoverable,
                    record.changed.milliseconds,
                ]
            )
        }
    }

    /// As if nothing had failed: of that plugin or, for nil, of every one.
    ///
    /// - Returns: The plugins of which something was remembered.
    @discardableResult
    package func forgetRepairs(ofPlugin plugin: String? = nil) throws(StoreError) -> [String] {
        try writeDesired("forget the failed repairs") { database in
            try String.fetchAll(
                database,
                sql: "DELETE FROM repairs WHERE ?1 IS NULL OR plugin = ?1 RETURNING plugin",
                arguments: [plugin]
            ).sorted()
        }
    }
}

extension RepairRecord {
    fileprivate init(_ row: Row) {
        let notBefore: Int64 = row["not_before_ms"]
        self.init(
            plugin: row["plugin"],
            failures: row["failures"],
            notBefore: notBefore == 0 ? nil : Timestamp(milliseconds: notBefore),
            unrecoverable: row["unrecoverable"],
            changed: Timestamp(milliseconds: row["changed_ms"])
        )
    }
}
