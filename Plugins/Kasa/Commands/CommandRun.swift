/// The course of one command, from the first attempt to its outcome: which step comes after which, and nothing else.
///
///     wait → contact → send → settle → verify → confirmed
///      ↑        │        │               │
///      └────────┴────────┴───────────────┴──→ failed
///
/// Success is never assumed: only a state that was read back and is the one asked for confirms a command. The caller
/// carries out each ``Step`` and reports what came of it; the run holds no clock and no connection.
struct CommandRun {
    /// What the caller does next.
    enum Step: Equatable {
        /// Wait, then report ``waited()``.
        case wait(Duration)
        /// Read the device's state, then report ``contacted(_:)``.
        case contact
        /// Send these and report ``sent()`` when all are acknowledged.
        case send([Query])
        /// Let the state settle, then report ``waited()``.
        case settle(Duration)
        /// Read the device's state again, then report ``verified(_:)``.
        case verify
        case finish(Outcome)
    }

    enum Outcome: Equatable {
        /// The device says what was asked for.
        case confirmed(attempts: Int)
        /// Every attempt failed, the last one for this reason.
        case failed(attempts: Int, CommandFailure)
    }

    private enum State {
        case waiting
        case contacting
        case sending
        case settling
        case verifying
        case finished
    }

    private let policy: CommandPolicy
    private let order: Order
    let outlet: String?
    private var state = State.waiting
    /// The attempt under way, from 1.
    private(set) var attempt = 1
    /// The attempt that failed last, until somebody takes it.
    private var failure: FailedAttempt?
    /// What is to be reached, known from the first contact on.
    private(set) var goal: Goal?

    init(_ order: Order, outlet: String?, policy: CommandPolicy) {
        self.order = order
        self.outlet = outlet
        self.policy = policy
    }

    mutating func start() -> Step { begin() }

    /// The wait is over, or the state had its time to settle.
    mutating func waited() -> Step {
        switch state {
        case .waiting:
            state = .contacting
            return .contact
        case .settling:
            state = .verifying
            return .verify
        case .contacting, .sending, .verifying, .finished:
            return unexpected()
        }
    }

    /// The device told its state before the command.
    mutating func contacted(_ info: SystemInfo) -> Step {
        guard case .contacting = state else { return unexpected() }
        let goal = goal ?? Goal(order, outlet: outlet, from: info)
        self.goal = goal
        state = .sending
        return .send(goal.queries(for: info))
    }

    /// The device acknowledged everything that was sent, which proves nothing yet.
    mutating func sent() -> Step {
        guard case .sending = state else { return unexpected() }
        state = .settling
        return .settle(policy.settle)
    }

    /// The device told its state after the command.
    mutating func verified(_ info: SystemInfo) -> Step {
        guard case .verifying = state, let goal else { return unexpected() }
        if let difference = goal.difference(to: info) { return failed(.mismatch(difference)) }
        state = .finished
        return .finish(.confirmed(attempts: attempt))
    }

    /// A step failed: the next attempt, or the end.
    mutating func failed(_ failure: CommandFailure) -> Step {
        guard attempt < policy.attempts, failure.isWorthAnotherAttempt else {
            state = .finished
            return .finish(.failed(attempts: attempt, failure))
        }
        self.failure = FailedAttempt(
            number: attempt,
            attempts: policy.attempts,
            failure: failure,
            pause: policy.wait(before: attempt + 1)
        )
        attempt += 1
        return begin()
    }

    /// The failed attempt that was not told yet and is followed by another one.
    mutating func takeFailure() -> FailedAttempt? {
        defer { failure = nil }
        return failure
    }

    private mutating func begin() -> Step {
        let wait = policy.wait(before: attempt)
        guard wait > .zero else {
            state = .contacting
            return .contact
        }
        state = .waiting
        return .wait(wait)
    }

    /// A report that fits no step under way is a bug of the caller; the command ends rather than doing anything twice.
    private mutating func unexpected() -> Step {
        assertionFailure("a report that does not fit the state \(state)")
        state = .finished
        return .finish(.failed(attempts: attempt, .exchange(.cancelled)))
    }
}
