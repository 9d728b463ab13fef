import Synchronization

/// A value that comes later, for any number of tasks that wait for it.
final class Pending<Value: Sendable>: Sendable {
    private enum State {
        case open(waiters: [Int: CheckedContinuation<Value?, Never>], next: Int)
        case done(Value)
    }

    private let state = Mutex(State.open(waiters: [:], next: 0))

    /// Called once.
    func fulfil(_ value: Value) {
        let waiters = state.withLock { state -> [CheckedContinuation<Value?, Never>] in
            guard case .open(let waiters, _) = state else { return [] }
            state = .done(value)
            return Array(waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    /// Waits for it. Nil if the task that waits is cancelled, at once then.
    func value() async -> Value? {
        let number = state.withLock { state -> Int in
            guard case .open(let waiters, let next) = state else { return 0 }
            state = .open(waiters: waiters, next: next + 1)
            return next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let value = state.withLock { state -> Value?? in
                    switch state {
                    case .done(let value): return .some(value)
                    // Under the lock: whoever cancels after this finds the waiter.
                    case .open where Task.isCancelled: return .some(nil)
                    case .open(var waiters, let next):
                        waiters[number] = continuation
                        state = .open(waiters: waiters, next: next)
                        return nil
                    }
                }
                if let value { continuation.resume(returning: value) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Value?, Never>? in
                guard case .open(var waiters, let next) = state else { return nil }
                let waiter = waiters.removeValue(forKey: number)
                state = .open(waiters: waiters, next: next)
                return waiter
            }
            waiter?.resume(returning: nil)
        }
    }
}
