package import HostAPI
package import Store
import Synchronization

/// The alerts that stand, raised and cleared by plugins and by the host. Kept here, so that they can be seen even when
/// nothing can be stored, and in `state.db`, so that they survive the host.
package final class AlertBoard: Sendable {
    /// How often an alert that is raised again and again is written, at most.
    package static let writeInterval: Duration = .seconds(30)
    /// How many alerts one source may have standing.
    package static let limitPerSource = 100

    private struct Key: Hashable {
        let source: String
        let key: String
    }

    private struct Entry {
        var alert: Alert
        var lastWrite: Timestamp
    }

    private let open: Mutex<[Key: Entry]>
    private let ledger: Ledger
    private let events: EventBus
    private let clock: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - standing: What stood when the host was last running.
    ///   - ledger: Where they are kept.
    ///   - events: Told of each alert that is raised or cleared.
    ///   - clock: The present time.
    package init(
        standing: [Alert],
        ledger: Ledger,
        events: EventBus,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        let entries = standing.map { alert in
            (Key(source: alert.source, key: alert.key), Entry(alert: alert, lastWrite: alert.lastSeen))
        }
        open = Mutex(Dictionary(entries) { first, _ in first })
        self.ledger = ledger
        self.events = events
        self.clock = clock
    }

    /// The alerts that stand, the gravest and newest first.
    package var standing: [Alert] {
        let alerts = open.withLock { $0.values.map(\.alert) }
        return alerts.sorted { left, right in
            (Self.rank(right.severity), right.lastSeen, left.key) < (Self.rank(left.severity), left.lastSeen, right.key)
        }
    }

    package var count: Int { open.withLock(\.count) }

    /// Raises an alert; one that stands is counted.
    ///
    /// - Returns: False if the source has too many alerts standing already.
    @discardableResult
    package func raise(
        _ source: String,
        _ key: String,
        _ severity: AlertSeverity,
        title: String,
        detail: String
    ) -> Bool {
        let now = clock()
        let outcome = open.withLock { open -> (isNew: Bool, mustWrite: Bool)? in
            let key = Key(source: source, key: key)
            guard var entry = open[key] else {
                guard open.keys.count(where: { $0.source == source }) < Self.limitPerSource else { return nil }
                let alert = Alert(
                    source: source,
                    key: key.key,
                    severity: severity,
                    title: title,
                    detail: detail,
                    firstSeen: now,
                    lastSeen: now
                )
                open[key] = Entry(alert: alert, lastWrite: now)
                return (true, true)
            }
            let isSame = entry.alert.severity == severity && entry.alert.title == title && entry.alert.detail == detail
            entry.alert.severity = severity
            entry.alert.title = title
            entry.alert.detail = detail
            entry.alert.lastSeen = now
            entry.alert.count += 1
            let mustWrite = !isSame || now - entry.lastWrite >= Self.writeInterval
            if mustWrite { entry.lastWrite = now }
            open[key] = entry
            return (false, mustWrite)
        }
        guard let outcome else { return false }
        if outcome.mustWrite {
            ledger.write { database throws(StoreError) in
                _ = try database.raiseAlert(
                    source: source,
                    key: key,
                    severity: severity,
                    title: title,
                    detail: detail,
                    at: now
                )
            }
        }
        if outcome.isNew {
            events.publish("alert.raised", plugin: source, title, data: .object(["key": .string(key)]))
        }
        return true
    }

    /// The cause is gone. Clearing what does not stand is fine.
    package func clear(_ source: String, _ key: String) {
        guard let entry = open.withLock({ $0.removeValue(forKey: Key(source: source, key: key)) }) else { return }
        let now = clock()
        ledger.write { database throws(StoreError) in
            _ = try database.clearAlert(source: source, key: key, at: now)
        }
        events.publish("alert.cleared", plugin: source, entry.alert.title, data: .object(["key": .string(key)]))
    }

    /// The source itself is gone.
    package func clearAll(of source: String) {
        let keys = open.withLock { open in open.keys.filter { $0.source == source }.map(\.key) }
        for key in keys { clear(source, key) }
    }

    private static func rank(_ severity: AlertSeverity) -> Int {
        AlertSeverity.allCases.firstIndex(of: severity) ?? 0
    }
}
