/// Whether a device answers, and when it is to be asked next.
///
///     unknown ──answer──→ online ──failure──→ doubtful ──third failure──→ offline
///                            ↑──────answer──────┴───────────answer──────────┘
///
/// One lost answer makes the state unknown at once, but is no reason to call the device away: Wi-Fi loses some.
struct Presence: Equatable {
    /// What the world should hear of. Each is told once when it happens, not at every failure.
    enum Change: Equatable {
        case cameOnline
        /// It did not answer, and its state is not known any more.
        case becameDoubtful
        case wentOffline
    }

    private enum State: Equatable {
        case unknown
        case online
        case doubtful
        case offline
    }

    /// Failures in a row after which it counts as offline.
    private static let patience = 3
    private static let longestPause = Duration.seconds(60)

    private var state = State.unknown
    private(set) var failures = 0

    var isOnline: Bool { state == .online }
    var isOffline: Bool { state == .offline }

    mutating func answered() -> Change? {
        defer { state = .online }
        failures = 0
        return state == .online ? nil : .cameOnline
    }

    mutating func failed() -> Change? {
        failures += 1
        if failures >= Self.patience {
            defer { state = .offline }
            return state == .offline ? nil : .wentOffline
        }
        guard state == .online else { return nil }
        state = .doubtful
        return .becameDoubtful
    }

    /// How long to wait before the next poll.
    ///
    /// After a failure it is asked again soon; one that stays away less and less often. Chance spreads a thousand devices
    /// that were found in the same second: `chance` is a random number in 0..<1.
    func pause(interval: Duration, chance: Double) -> Duration {
        switch failures {
        case 0: interval * (0.95 + 0.1 * chance)
        case ..<Self.patience: .seconds(failures)
        default:
            min(interval * (1 << min(failures - Self.patience, 10)), max(interval, Self.longestPause))
                * (0.8 + 0.4 * chance)
        }
    }
}
