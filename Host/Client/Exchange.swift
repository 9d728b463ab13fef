import CCurl
import HostAPI
import Synchronization

/// What one request and its answer have come to: libcurl's thread puts in, one task takes out.
///
/// Nothing is lost and memory is bounded: a task that does not take pauses the transfer.
final class Exchange: Sendable {
    enum Ending {
        case complete
        case failed(Failure)
    }

    private struct State {
        var status: Int?
        var received: [UInt8] = []
        var ending: Ending?
        var isCancelled = false
        var isPaused = false
        var isToResume = false
        /// libcurl's handle while the transfer runs: only for waking its thread.
        var multi: UnsafeMutableRawPointer?
        var waiter: CheckedContinuation<Void, Never>?
        var changes = 0
    }

    /// More than this waiting to be taken pauses the transfer.
    private static let pauseAbove = 1 << 20

    private let state = Mutex(State())

    // MARK: The side of the task

    /// The HTTP status, as soon as the head of the answer is complete.
    func status() async throws(Failure) -> Int {
        try await taken { state in
            if let status = state.status { return .success(status) }
            guard let ending = state.ending else { return nil }
            if case .failed(let failure) = ending { return .failure(failure) }
            return .failure(Failure(.unreachable, "hostd closed the connection without an answer."))
        }
    }

    /// The bytes that have arrived since the last call, at least one; nil at the end of the answer.
    func bytes() async throws(Failure) -> [UInt8]? {
        try await taken { state in
            guard state.received.isEmpty else {
                defer { state.received = [] }
                if state.isPaused {
                    state.isPaused = false
                    state.isToResume = true
                    Self.wake(state.multi)
                }
                return .success(state.received)
            }
            switch state.ending {
            case nil: return nil
            case .complete: return .success(nil)
            case .failed(let failure): return .failure(failure)
            }
        }
    }

    /// Ends the transfer at once. Harmless when it has ended.
    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            Self.wake(state.multi)
        }
    }

    /// Waits until `take` finds what it wants. A cancelled task cancels the exchange, which then ends with a failure.
    private func taken<Value: Sendable>(
        _ take: @Sendable (inout State) -> Result<Value, Failure>?
    ) async throws(Failure) -> Value {
        let result = await withTaskCancellationHandler {
            while true {
                let (found, changes) = state.withLock { (take(&$0), $0.changes) }
                if let found { return found }
                await change(after: changes)
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    private func change(after changes: Int) async {
        await withCheckedContinuation { continuation in
            let resumed = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard state.changes == changes else { return continuation }
                defer { state.waiter = continuation }
                return state.waiter
            }
            resumed?.resume()
        }
    }

    // MARK: The side of libcurl's thread

    func began(_ multi: UnsafeMutableRawPointer) {
        // The pointer is only ever used under the lock, and is taken out before the handle is freed.
        let address = UInt(bitPattern: multi)
        state.withLock { $0.multi = UnsafeMutableRawPointer(bitPattern: address) }
    }

    func received(status: Int) {
        change { $0.status = status }
    }

    enum Reception {
        case taken
        case pause
        case abort
    }

    func received(_ bytes: UnsafeRawBufferPointer) -> Reception {
        let copy = Array(bytes)
        return change { state in
            if state.isCancelled { return .abort }
            guard state.received.count <= Self.pauseAbove else {
                state.isPaused = true
                return .pause
            }
            state.received += copy
            return .taken
        }
    }

    /// What the thread has to do after it was woken.
    func orders() -> (isCancelled: Bool, isToResume: Bool) {
        state.withLock { state in
            defer { state.isToResume = false }
            return (state.isCancelled, state.isToResume)
        }
    }

    func ended(_ ending: Ending) {
        change { state in
            state.multi = nil
            state.ending = ending
        }
    }

    private func change<Value: Sendable>(_ body: (inout sending State) -> Value) -> Value {
        let (value, waiter) = state.withLock { state in
            let value = body(&state)
            state.changes += 1
            defer { state.waiter = nil }
            return (value, state.waiter)
        }
        waiter?.resume()
        return value
    }

    private static func wake(_ multi: UnsafeMutableRawPointer?) {
        // Of libcurl's functions this one may be called from any thread.
        if let multi { _ = curl_multi_wakeup(multi) }
    }
}
