package import HostAPI

/// How many log lines a plugin may write: bursts pass, a flood is cut off and counted. Pure.
package struct LogBudget: Equatable, Sendable {
    package static let burst = 1_000
    package static let linesPerSecond = 50

    private var tokens = Double(burst)
    private var lastRefill: Timestamp
    /// Lines dropped since the last line that passed.
    package private(set) var dropped = 0

    package init(now: Timestamp) {
        lastRefill = now
    }

    /// What becomes of one more line.
    package enum Verdict: Equatable, Sendable {
        /// It is kept; so many before it were not.
        case keep(droppedBefore: Int)
        case drop
    }

    package mutating func take(at now: Timestamp) -> Verdict {
        let elapsed = max(0, Double((now - lastRefill).milliseconds) / 1_000)
        lastRefill = now
        tokens = min(Double(Self.burst), tokens + elapsed * Double(Self.linesPerSecond))
        guard tokens >= 1 else {
            dropped += 1
            return .drop
        }
        tokens -= 1
        defer { dropped = 0 }
        return .keep(droppedBefore: dropped)
    }
}
