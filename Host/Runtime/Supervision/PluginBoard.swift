package import HostAPI
package import Reconcile
import Synchronization

/// How each plugin is, for everybody who looks: a list costs no plugin anything.
package final class PluginBoard: Sendable {
    /// What a supervisor tells of its plugin.
    package struct Entry: Sendable {
        package var summary: PluginSummary
        /// What the live worker has said that it runs.
        package var report: WorkerReport?
        /// Why the installed package cannot be used.
        package var damage: String?
        package var isInstalled: Bool
        /// The user's word was why it stopped.
        package var isStoppedByUser: Bool

        package init(
            summary: PluginSummary,
            report: WorkerReport? = nil,
            damage: String? = nil,
            isInstalled: Bool = true,
            isStoppedByUser: Bool = false
        ) {
            self.summary = summary
            self.report = report
            self.damage = damage
            self.isInstalled = isInstalled
            self.isStoppedByUser = isStoppedByUser
        }
    }

    private let posted = Mutex<[String: Entry]>([:])

    package init() {}

    /// All plugins, by id.
    package var all: [PluginSummary] {
        posted.withLock { $0.values.map(\.summary) }.sorted { $0.id < $1.id }
    }

    package var entries: [String: Entry] { posted.withLock { $0 } }

    package func remove(_ id: String) {
        posted.withLock { _ = $0.removeValue(forKey: id) }
    }

    /// - Returns: What was on the board before.
    @discardableResult
    package func post(_ entry: Entry) -> PluginSummary? {
        posted.withLock { $0.updateValue(entry, forKey: entry.summary.id) }?.summary
    }
}
