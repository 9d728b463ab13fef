internal import GRDB
package import HostAPI
internal import Synchronization

extension StateDatabase {
    /// How long a cleared alert is kept.
    package static let keptClearedTime = Duration.seconds(30 * 86_400)
    /// How many cleared alerts are kept, the newest.
    package static let keptClearedAlerts = 1_000

    /// Repeats of an alert that say nothing new are counted in memory and stored with the next one after this time.
    static let alertRepeatDelay = Duration.seconds(30)

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
        try file.write("raise the alert \(source)/\(key)") { database in
            let raised = Alert(
                source: source,
                key: key,
                severity: severity,
                title: title,
                detail: detail,
                firstSeen: time,
                lastSeen: time
            )
            guard let (number, stored) = try database.openAlert(source: source, key: key) else {
                try database.insert(raised)
                return (raised, true)
            }
            let standing = alertRepeats.withLock { repeats in
                repeats[number, default: AlertRepeats()].add(time)
                return repeats[number, default: AlertRepeats()].added(to: stored)
            }
            let alert = standing.saying(raised)
            let isSoon = (.zero..<Self.alertRepeatDelay).contains(time - stored.lastSeen)
            if isSoon, stored.saying(raised) == stored {
                return (alert, false)
            }
            try database.update(alert, number: number)
            alertRepeats.withLock { _ = $0.removeValue(forKey: number) }
            return (alert, false)
        }
    }

    /// - Returns: The alert, now cleared; nil if it did not stand.
    @discardableResult
    package func clearAlert(source: String, key: String, at time: Timestamp = .now) throws(StoreError) -> Alert? {
        try file.write("clear the alert \(source)/\(key)") { database in
            guard let (number, stored) = try database.openAlert(source: source, key: key) else { return nil }
            var alert = alertRepeats.withLock { $0.removeValue(forKey: number) }?.added(to: stored) ?? stored
            alert.cleared = time
            try database.update(alert, number: number)
            try database.forgetOldAlerts(now: time)
            return alert
        }
    }

    /// Those that stand first, then the newest first.
    package func alerts(includingCleared: Bool) throws(StoreError) -> [Alert] {
        try file.read("read the alerts") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM alerts WHERE ? OR cleared_ms IS NULL
                    ORDER BY cleared_ms IS NOT NULL, cleared_ms DESC, first_seen_ms DESC, number DESC
                    """,
                arguments: [includingCleared]
            )
            let repeats = alertRepeats.withLock { $0 }
            return rows.map { row in
                let stored = Alert(row)
                return repeats[row["number"]]?.added(to: stored) ?? stored
            }
        }
    }

    /// How many alerts stand.
    package func openAlertCount() throws(StoreError) -> Int {
        try file.read("count the alerts") { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM alerts WHERE cleared_ms IS NULL") ?? 0
        }
    }
}
