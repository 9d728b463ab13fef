import Synchronization

/// Gives each worker of the host a number of its own, by which its subscriptions and programs are known.
final class WorkerNumbers: Sendable {
    private let last = Atomic<UInt64>(0)

    func next() -> UInt64 {
        last.add(1, ordering: .relaxed).newValue
    }
}
