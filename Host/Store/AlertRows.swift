internal import GRDB
internal import HostAPI

/// Alerts as rows of `state.db`.
extension Database {
    func openAlert(source: String, key: String) throws -> (number: Int64, alert: Alert)? {
        try Row.fetchOne(
            self,
            sql: "SELECT * FROM alerts WHERE source = ? AND key = ? AND cleared_ms IS NULL",
            arguments: [source, key]
        ).map { row in (row["number"], Alert(row)) }
    }

    func insert(_ alert: Alert) throws {
        try execute(
            sql: """
                INSERT INTO alerts (source, key, severity, title, detail, first_seen_ms, last_seen_ms, count)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                alert.source, alert.key, alert.severity.rawValue, alert.title, alert.detail,
                alert.firstSeen.milliseconds, alert.lastSeen.milliseconds, alert.count,
            ]
        )
    }

    func update(_ alert: Alert, number: Int64) throws {
        try execute(
            sql: """
                UPDATE alerts SET severity = ?, title = ?, detail = ?, last_seen_ms = ?, count = ?, cleared_ms = ?
                WHERE number = ?
                """,
            arguments: [
                alert.severity.rawValue, alert.title, alert.detail, alert.lastSeen.milliseconds, alert.count,
                alert.cleared?.milliseconds, number,
            ]
        )
    }

    func forgetOldAlerts(now: Timestamp) throws {
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
    /// The same alert with the severity and the texts of another.
    func saying(_ other: Alert) -> Alert {
        var alert = self
        alert.severity = other.severity
        alert.title = other.title
        alert.detail = other.detail
        return alert
    }

    init(_ row: Row) {
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
