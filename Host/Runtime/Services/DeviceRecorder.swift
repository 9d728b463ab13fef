package import Store
import Synchronization

/// Writes what changes about devices, many changes in one commit: at start a thousand devices come at once.
package final class DeviceRecorder: Sendable {
    private struct State {
        var changes: [DeviceChange] = []
        var isScheduled = false
    }

    private let state = Mutex(State())
    private let ledger: Ledger
    private let reactor: Reactor

    package init(ledger: Ledger, reactor: Reactor) {
        self.ledger = ledger
        self.reactor = reactor
    }

    package func record(_ change: DeviceChange) {
        let mustSchedule = state.withLock { state in
            state.changes.append(change)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if mustSchedule { reactor.schedule(after: .milliseconds(200)) { [self] in flush() } }
    }

    /// Writes now what waits.
    package func flush() {
        let changes = state.withLock { state in
            defer { state = State() }
            return state.changes
        }
        guard !changes.isEmpty else { return }
        ledger.write { database throws(StoreError) in try database.applyDeviceChanges(changes) }
    }
}
