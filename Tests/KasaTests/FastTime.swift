import PluginKit
import Synchronization

/// A clock on which an hour passes in 36 seconds. It remembers how long it was asked to sleep.
final class FastTime: TimeSource {
    private static let factor = 100
    private let start = ContinuousClock.now
    private let slept = Mutex<[Duration]>([])

    var now: Timestamp { Timestamp(milliseconds: 1_795_000_000_000 + Int64(uptime / .milliseconds(1))) }

    var uptime: Duration { (ContinuousClock.now - start) * Self.factor }

    var sleeps: [Duration] { slept.withLock(\.self) }

    func sleep(for duration: Duration) async throws {
        slept.withLock { $0.append(duration) }
        try await Task.sleep(for: duration / Self.factor)
    }
}

/// Waits until something is so, and fails the test if it takes longer than any machine needs.
func eventually(
    _ comment: String,
    within limit: Duration = .seconds(20),
    _ condition: () async -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while await !condition() {
        guard ContinuousClock.now < end else { throw NeverHappened(description: comment) }
        try await Task.sleep(for: .milliseconds(2))
    }
}

struct NeverHappened: Error, CustomStringConvertible {
    let description: String
}
