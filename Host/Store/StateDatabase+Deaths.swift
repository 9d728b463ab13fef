internal import GRDB
package import HostAPI

/// One end of a worker.
package struct RecordedDeath: Sendable, Equatable {
    package var time: Timestamp
    /// "exit status 3", "signal 11 (SIGSEGV)", "killed: no heartbeat for 15 s".
    package var cause: String
    /// Counts towards a crash loop.
    package var isCrash: Bool

    package init(time: Timestamp, cause: String, isCrash: Bool) {
        self.time = time
        self.cause = cause
        self.isCrash = isCrash
    }
}

extension StateDatabase {
    /// How many deaths of one plugin are kept, the newest.
    package static let keptDeaths = 100

    package func recordDeath(_ death: RecordedDeath, ofPlugin plugin: String) throws(StoreError) {
        try file.write("record a death of \(plugin)") { database in
            try database.execute(
                sql: "INSERT INTO deaths (plugin, time_ms, cause, is_crash) VALUES (?, ?, ?, ?)",
                arguments: [plugin, death.time.milliseconds, death.cause, death.isCrash]
            )
            try database.execute(
                sql: """
                    DELETE FROM deaths WHERE plugin = ? AND number <= (
                        SELECT number FROM deaths WHERE plugin = ? ORDER BY number DESC LIMIT 1 OFFSET ?
                    )
                    """,
                arguments: [plugin, plugin, Self.keptDeaths]
            )
        }
    }

    /// The plugin's deaths since that time, newest first.
    package func deaths(
        ofPlugin plugin: String,
        since: Timestamp? = nil,
        limit: Int = keptDeaths
    ) throws(StoreError) -> [RecordedDeath] {
        try file.read("read the deaths of \(plugin)") { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM deaths WHERE plugin = ? AND time_ms >= ? ORDER BY number DESC LIMIT ?",
                arguments: [plugin, since?.milliseconds ?? .min, limit]
            ).map { row in
                RecordedDeath(
                    time: Timestamp(milliseconds: row["time_ms"]),
                    cause: row["cause"],
                    isCrash: row["is_crash"]
                )
            }
        }
    }

    /// What died was other code, or the user has taken the matter in hand: none of it counts towards a crash loop.
    package func forgiveDeaths(ofPlugin plugin: String) throws(StoreError) {
        try file.write("forgive the deaths of \(plugin)") { database in
            try database.execute(
                sql: "UPDATE deaths SET is_crash = 0 WHERE plugin = ? AND is_crash",
                arguments: [plugin]
            )
        }
    }

    /// Counts one restart after a crash, and returns how many there were since the host was first started.
    @discardableResult
    package func countRestart(ofPlugin plugin: String) throws(StoreError) -> Int {
        try file.write("count a restart of \(plugin)") { database in
            try Int.fetchOne(
                database,
                sql: """
                    INSERT INTO restarts (plugin, count) VALUES (?, 1)
                    ON CONFLICT (plugin) DO UPDATE SET count = count + 1 RETURNING count
                    """,
                arguments: [plugin]
            ) ?? 1
        }
    }

    package func restarts(ofPlugin plugin: String) throws(StoreError) -> Int {
        try file.read("read the restarts of \(plugin)") { database in
            try Int.fetchOne(database, sql: "SELECT count FROM restarts WHERE plugin = ?", arguments: [plugin]) ?? 0
        }
    }
}
