internal import GRDB
package import HostAPI

extension StateDatabase {
    /// How long a cleared alert is kept.
    package static let keptClearedTime = Duration.seconds(30 * 86_400)
    /// How many cleared alerts are kept, the newest.
    package static let keptClearedAlerts = 1_000

    /// Raises an alert. One that stands already is counted and takes the new severity and texts.
    ///
    /// - Returns: The alert as it stands now, and whether it did not stand before.
    @discardableResult
    package func raiseAlert(
        source: String,
        key: String,
        severity: AlertSeverity,
        title: String,
        detail: String,
        at time: Timestamp = .now
    ) throws(StoreError) -> (alert: Alert, isNew: Bool) {
        let path = path
        return try file.write("raise the alert \(source)/\(key)") { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    INSERT INTO alerts (source, key, severity, title, detail, first_seen_ms, last_seen_ms, count)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 1)
                    ON CONFLICT (source, key) WHERE cleared_ms IS NULL DO UPDATE SET
                        severity = ?3, title = ?4, detail = ?5, last_seen_ms = max(last_seen_ms, ?6), count = count + 1
                    RETURNING *
                    """,
                arguments: [source, key, severity.rawValue, title, detail, time.milliseconds]
            )
            guard let row else {
                throw StoreError.failed(
                    file: path,
                    task: "raise the alert \(source)/\(key)",
                    reason: "no row came back"
                )
            }
            let alert = Alert(row)
            return (alert, alert.count == 1)
        }
    }

    /// - Returns: The alert, now cleared; nil if it did not stand.
    @discardableResult
    package func clearAlert(source: String, key: String, at time: Timestamp = .now) throws(StoreError) -> Alert? {
        try file.write("clear the alert \(source)/\(key)") { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    UPDATE alerts SET cleared_ms = ? WHERE source = ? AND key = ? AND cleared_ms IS NULL RETURNING *
                    """,
                arguments: [time.milliseconds, source, key]
            )
            guard let row else { return nil }
            try database.forgetOldAlerts(now: time)
            return Alert(row)
        }
    }

    /// Those that stand first, then the newest first.
    package func alerts(includingCleared: Bool) throws(StoreError) -> [Alert] {
        try file.read("read the alerts") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM alerts WHERE ? OR cleared_ms IS NULL
                    ORDER BY cleared_ms IS NOT NULL, cleared_ms DESC, last_seen_ms DESC, number DESC
                    """,
                arguments: [includingCleared]
            ).map(Alert.init)
        }
    }

    /// How many alerts stand.
    package func openAlertCount() throws(StoreError) -> Int {
        try file.read("count the alerts") { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM alerts WHERE cleared_ms IS NULL") ?? 0
        }
    }
}

extension Database {
    fileprivate func forgetOldAlerts(now: Timestamp) throws {
        try execute(
            sql: """
                DELETE FROM alerts WHERE cleared_ms IS NOT NULL AND (
                    cleared_ms < ? OR number IN (
                        SELECT number FROM alerts WHERE cleared_ms IS NOT NULL
                        ORDER BY cleared_ms DESC, number DESC LIMIT -1 OFFSET ?
                    )
                )
                """,
            arguments: [(now - StateDatabase.keptClearedTime).milliseconds, StateDatabase.keptClearedAlerts]
        )
    }
}

extension Alert {
    fileprivate init(_ row: Row) {
        let cleared: Int64? = row["cleared_ms"]
        self.init(
            source: row["source"],
            key: row["key"],
            severity: AlertSeverity(rawValue: row["severity"]) ?? .error,
            title: row["title"],
            detail: row["detail"],
            firstSeen: Timestamp(milliseconds: row["first_seen_ms"]),
            lastSeen: Timestamp(milliseconds: row["last_seen_ms"]),
            count: row["count"],
            cleared: cleared.map(Timestamp.init(milliseconds:))
        )
    }
}
