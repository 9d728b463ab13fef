package import HostAPI
import Store
import Synchronization

/// The alerts that stand, raised and cleared by plugins and by the host, and kept in `state.db`.
package final class AlertBoard: Sendable {
    /// How often an alert that is raised again and again is written, at most.
    package static let writeInterval: Duration = .seconds(30)

    private struct Key: Hashable {
        let source: String
        let key: String
    }

    private struct Entry {
        var severity: AlertSeverity
        var title: String
        var detail: String
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
        var entries: [Key: Entry] = [:]
        for alert in standing {
            entries[Key(source: alert.source, key: alert.key)] = Entry(
                severity: alert.severity,
                title: alert.title,
                detail: alert.detail,
                lastWrite: alert.lastSeen
            )
        }
        open = Mutex(entries)
        self.ledger = ledger
        self.events = events
        self.clock = clock
    }

    package var count: Int { open.withLock(\.count) }

    /// The title of the gravest alert that stands.
    package var gravestTitle: String? {
        open.withLock { open in
            open.values.max { left, right in
                Self.rank(left.severity) < Self.rank(right.severity)
            }?.title
        }
    }

    package func raise(_ source: String, _ key: String, _ severity: AlertSeverity, title: String, detail: String) {
        let now = clock()
        let (isNew, mustWrite) = open.withLock { open in
            let key = Key(source: source, key: key)
            let old = open[key]
            var entry = Entry(severity: severity, title: title, detail: detail, lastWrite: old?.lastWrite ?? now)
            let isSame = old.map { $0.severity == severity && $0.title == title && $0.detail == detail } ?? false
            let mustWrite = !isSame || now - entry.lastWrite >= Self.writeInterval
            if mustWrite { entry.lastWrite = now }
            open[key] = entry
            return (old == nil, mustWrite)
        }
        if mustWrite {
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
        if isNew {
            events.publish("alert.raised", plugin: source, title, data: .object(["key": .string(key)]))
        }
    }

    package func clear(_ source: String, _ key: String) {
        guard let entry = open.withLock({ $0.removeValue(forKey: Key(source: source, key: key)) }) else { return }
        let now = clock()
        ledger.write { database throws(StoreError) in
            _ = try database.clearAlert(source: source, key: key, at: now)
        }
        events.publish("alert.cleared", plugin: source, entry.title, data: .object(["key": .string(key)]))
    }

    private static func rank(_ severity: AlertSeverity) -> Int {
        AlertSeverity.allCases.firstIndex(of: severity) ?? 0
    }
}
