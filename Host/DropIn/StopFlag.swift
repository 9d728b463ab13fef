internal import Synchronization

/// Tells a walk through directories that nobody waits for its end any more.
package final class StopFlag: Sendable {
    private let stopped = Atomic(false)

    package init() {}

    package var isStopped: Bool { stopped.load(ordering: .acquiring) }

    package func stop() { stopped.store(true, ordering: .releasing) }
}
