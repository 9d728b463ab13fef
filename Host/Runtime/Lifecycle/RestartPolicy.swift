package import HostAPI

/// When a crashed plugin starts again, and when it does not. Pure: time and chance come in as arguments.
///
/// Every death counts, whatever its cause: an exit status of 0 or not, a signal, a kill by the watchdog.
package struct RestartPolicy: Equatable, Sendable {
    /// The pause before the second restart; it doubles with each further one.
    package static let basePause: Duration = .seconds(1)
    package static let longestPause: Duration = .seconds(60)
    /// Pauses vary by this part of themselves, so that plugins that fell together do not rise together.
    package static let jitter = 0.2
    /// A worker that has been well for this long starts with a clean count.
    package static let healthyAfter: Duration = .seconds(60)
    /// This many crashes…
    package static let crashLimit = 5
    /// …within this time stop the plugin.
    package static let crashWindow: Duration = .seconds(300)
    /// This many deaths within a day are worth an alert, even if the plugin comes back each time.
    package static let dailyLimit = 10
    package static let day: Duration = .seconds(86_400)
    /// The exit status by which a plugin says that it must not be started again (`EX_CONFIG`).
    package static let permanentExitStatus: Int32 = 78

    package enum Decision: Equatable, Sendable {
        case restart(after: Duration)
        /// Crashed too often; the user has to decide.
        case giveUp
    }

    /// Deaths of the last day, oldest first.
    private var deaths: [Timestamp]
    /// Crashes since the last healthy time; decides the pause.
    private var consecutive = 0

    /// - Parameter deaths: What is remembered from before the host started.
    package init(deaths: [Timestamp] = []) {
        self.deaths = deaths.sorted()
    }

    /// Notes a death and decides what follows.
    ///
    /// - Parameters:
    ///   - now: When it died.
    ///   - uptime: How long the worker had been running well; zero if it never was.
    ///   - chance: A random number in 0..<1.
    /// - Returns: What to do now.
    package mutating func died(at now: Timestamp, uptime: Duration, chance: Double) -> Decision {
        deaths.append(now)
        deaths.removeAll { $0 < now - Self.day }
        if uptime >= Self.healthyAfter { consecutive = 0 }
        consecutive += 1
        if isCrashLooping(at: now) { return .giveUp }
        return .restart(after: Self.pause(beforeRestart: consecutive, chance: chance))
    }

    /// The pause before the nth restart in a row: none before the first, then 1, 2, 4 … 60 s, each ± 20 %.
    package static func pause(beforeRestart restart: Int, chance: Double) -> Duration {
        guard restart > 1 else { return .zero }
        let doublings = min(restart - 2, 6)
        let pause = min(basePause * (1 << doublings), longestPause)
        return .milliseconds((Double(pause.milliseconds) * (1 - jitter + 2 * jitter * chance)).rounded())
    }

    /// Whether the crash limit is reached: also true after a restart of the host.
    package func isCrashLooping(at now: Timestamp) -> Bool {
        deaths.count { $0 > now - Self.crashWindow } >= Self.crashLimit
    }

    /// Whether a day's deaths are worth an alert.
    package func isFrequentlyDying(at now: Timestamp) -> Bool {
        deaths.count { $0 > now - Self.day } >= Self.dailyLimit
    }

    /// When `isFrequentlyDying` ends if nothing dies any more; nil if it does not hold.
    package func frequentDyingEnds(after now: Timestamp) -> Timestamp? {
        guard isFrequentlyDying(at: now) else { return nil }
        return deaths[deaths.count - Self.dailyLimit] + Self.day
    }

    /// The user has taken the matter in hand: the crash count starts afresh. The day's deaths stay.
    package mutating func forgive() {
        consecutive = 0
        // What counts towards the crash limit is moved out of its window, not out of the day.
        deaths = deaths.map { $0 - Self.crashWindow }
    }
}
