package import HostAPI
import Synchronization

/// How each plugin is, for everybody who looks: a list costs no plugin anything.
package final class PluginBoard: Sendable {
    private let summaries = Mutex<[String: PluginSummary]>([:])

    package init() {}

    /// All plugins, by id.
    package var all: [PluginSummary] {
        summaries.withLock { Array($0.values) }.sorted { $0.id < $1.id }
    }

    /// - Returns: What was on the board before.
    @discardableResult
    package func post(_ summary: PluginSummary) -> PluginSummary? {
        summaries.withLock { $0.updateValue(summary, forKey: summary.id) }
    }
}
