package import HostAPI

/// What is remembered of failed attempts to repair one plugin: how often, when the next one is due, and whether there is
/// any point in one.
package struct RepairMemory: Sendable, Equatable {
    /// In a row.
    package var failures: Int
    /// No attempt before this moment.
    package var notBefore: Timestamp?
    /// Why no further attempt is made by itself; nil: it is.
    package var unrecoverable: String?

    package init(failures: Int = 0, notBefore: Timestamp? = nil, unrecoverable: String? = nil) {
        self.failures = failures
        self.notBefore = notBefore
        self.unrecoverable = unrecoverable
    }

    package static let firstPause = Duration.milliseconds(500)
    /// So many failures in a row open the breaker.
    package static let failureLimit = 3
    /// For how long: the longest of all pauses.
    package static let breakerPause = Duration.seconds(300)
    /// How long an index that could not be fetched is left alone.
    package static let registryPause = Duration.seconds(60)

    package var isEmpty: Bool { self == RepairMemory() }
}

/// What came of an attempt.
package enum RepairOutcome: Sendable, Equatable {
    case succeeded
    /// It may work another time.
    case failed
    /// The registry answered, and does not have it.
    case missing(String)
    /// The registry could not be asked: nothing is known about the plugin.
    case registryUnreachable
}

extension RepairMemory {
    /// Takes in what came of an attempt.
    ///
    /// - Parameters:
    ///   - outcome: What came of it.
    ///   - now: The present moment.
    ///   - chance: From 0 to 1, drawn anew each time.
    package mutating func note(_ outcome: RepairOutcome, at now: Timestamp, chance: Double) {
        switch outcome {
        case .succeeded:
            forget()
        case .failed:
            failures += 1
            notBefore = now + Self.pause(afterFailures: failures, chance: chance)
        case .missing(let reason):
            self = RepairMemory(unrecoverable: reason)
        case .registryUnreachable:
            notBefore = max(notBefore ?? now, now + Self.registryPause)
        }
    }

    /// As if nothing had ever failed.
    package mutating func forget() {
        self = RepairMemory()
    }

    /// 0.5 s, doubled with each further failure, ±20 %; then the breaker opens.
    package static func pause(afterFailures failures: Int, chance: Double) -> Duration {
        guard failures < failureLimit else { return breakerPause }
        let factor = Double(1 << max(failures - 1, 0)) * (0.8 + 0.4 * min(max(chance, 0), 1))
        return .milliseconds(Int64((Double(firstPause.milliseconds) * factor).rounded()))
    }

    package enum Breaker: Sendable, Equatable {
        case closed
        /// Nothing is tried until then.
        case open(until: Timestamp)
        /// One attempt decides.
        case halfOpen
    }

    package func breaker(at now: Timestamp) -> Breaker {
        guard failures >= Self.failureLimit else { return .closed }
        if let notBefore, notBefore > now { return .open(until: notBefore) }
        return .halfOpen
    }

    /// Until when nothing is tried; nil: an attempt is due.
    package func pauseEnd(at now: Timestamp) -> Timestamp? {
        guard let notBefore, notBefore > now else { return nil }
        return notBefore
    }
}
