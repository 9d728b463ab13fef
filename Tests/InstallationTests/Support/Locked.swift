import Synchronization

/// A value that any thread may look at and change.
final class Locked<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) {
        mutex = Mutex(value)
    }

    var value: Value {
        get { mutex.withLock { $0 } }
        set { mutex.withLock { $0 = newValue } }
    }

    func change<Result: Sendable>(_ body: @Sendable (inout Value) -> Result) -> Result {
        mutex.withLock { value in body(&value) }
    }
}

/// Holds up whoever waits until it is opened.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var isWaitedAt = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watching: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func wait() async {
        await withCheckedContinuation { continuation in
            let (isOpen, watching) = state.withLock { state in
                state.isWaitedAt = true
                if !state.isOpen { state.waiting.append(continuation) }
                defer { state.watching = [] }
                return (state.isOpen, state.watching)
            }
            for watcher in watching { watcher.resume() }
            if isOpen { continuation.resume() }
        }
    }

    /// Until somebody waits at it.
    func reached() async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if !state.isWaitedAt { state.watching.append(continuation) }
                return state.isWaitedAt
            }
            if isReached { continuation.resume() }
        }
    }

    /// Lets go whoever watches, though nobody waits at it.
    func release() {
        let watching = state.withLock { state in
            state.isWaitedAt = true
            defer { state.watching = [] }
            return state.watching
        }
        for watcher in watching { watcher.resume() }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting { waiter.resume() }
    }
}
