import Synchronization

/// The longest time that each function of the plugin kept its worker from answering heartbeats.
final class BlockTimes: Sendable {
    private let longest = Mutex<[String: Duration]>([:])

    func note(_ time: Duration, in function: String) {
        longest.withLock { $0[function] = max($0[function] ?? .zero, time) }
    }

    /// The function that took longest.
    var worst: (function: String, time: Duration)? {
        longest.withLock { $0.max { $0.value < $1.value }.map { ($0.key, $0.value) } }
    }
}
