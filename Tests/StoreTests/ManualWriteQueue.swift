import Dispatch
import Store
import Synchronization

/// A real queue on which time passes only when the test says so.
final class ManualWriteQueue: WriteQueue {
    private struct Delayed {
        var due: Duration
        var work: @Sendable () -> Void
    }

    private let queue = DispatchQueue(label: "manual")
    private let delayed = Mutex<(now: Duration, work: [Delayed])>((.zero, []))

    func run(_ work: @escaping @Sendable () -> Void) {
        queue.async(execute: work)
    }

    func run(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
        delayed.withLock { $0.work.append(Delayed(due: $0.now + delay, work: work)) }
    }

    /// Lets time pass and waits until everything that is due is done.
    func pass(_ time: Duration) async {
        let due = delayed.withLock { delayed in
            delayed.now += time
            let now = delayed.now
            let due = delayed.work.filter { $0.due <= now }
            delayed.work.removeAll { $0.due <= now }
            return due
        }
        for delayed in due { queue.async(execute: delayed.work) }
        await settle()
    }

    /// Waits until the queue has nothing left to do.
    func settle() async {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume() }
        }
    }

    /// How many pieces of work wait for their time.
    var delayedCount: Int { delayed.withLock { $0.work.count } }
}
