import HostAPI
package import Manifests
import Synchronization

/// Which plugins listen to which series of others.
package final class Subscriptions: Sendable {
    package typealias Receiver = @Sendable ([WireReading]) -> Void

    private struct Key: Hashable {
        let owner: UInt64
        let subscription: UInt64
    }

    private struct Entry {
        let pattern: NamePattern
        let receive: Receiver
    }

    private let entries = Mutex<[Key: Entry]>([:])

    package init() {}

    package var isEmpty: Bool { entries.withLock(\.isEmpty) }

    /// Adds a subscription of a worker.
    package func add(owner: UInt64, subscription: UInt64, pattern: NamePattern, receive: @escaping Receiver) {
        let key = Key(owner: owner, subscription: subscription)
        entries.withLock { $0[key] = Entry(pattern: pattern, receive: receive) }
    }

    package func remove(owner: UInt64, subscription: UInt64) {
        entries.withLock { _ = $0.removeValue(forKey: Key(owner: owner, subscription: subscription)) }
    }

    /// Removes all subscriptions of a worker that has ended.
    package func removeAll(owner: UInt64) {
        entries.withLock { entries in entries = entries.filter { $0.key.owner != owner } }
    }

    /// Hands new readings of `plugin` to those that listen. A device is meant by its id or its handle.
    package func deliver(_ readings: [WireReading], from plugin: String, handle: (String) -> String?) {
        let entries = entries.withLock { Array($0.values) }
        guard !entries.isEmpty else { return }
        for entry in entries {
            let wanted = readings.filter { reading in
                Self.pattern(entry.pattern, means: reading, of: plugin, handle: handle)
            }
            if !wanted.isEmpty { entry.receive(wanted.map { $0.named(within: plugin) }) }
        }
    }

    /// Whether a pattern means a reading of a plugin.
    package static func pattern(
        _ pattern: NamePattern,
        means reading: WireReading,
        of plugin: String,
        handle: (String) -> String?
    ) -> Bool {
        if pattern.matches(plugin, reading.device, reading.entity) { return true }
        guard let handle = handle(reading.device) else { return false }
        return pattern.matches(plugin, handle, reading.entity)
    }
}

extension WireReading {
    /// The reading as other plugins see it: the device written `plugin/device`.
    package func named(within plugin: String) -> WireReading {
        WireReading(device: "\(plugin)/\(device)", entity: entity, unit: unit, reading: reading)
    }
}
