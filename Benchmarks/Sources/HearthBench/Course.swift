import Runtime
import Synchronization

/// Many round trips, one after another. Each answer sends the next request, on the reactor's thread, where the host's
/// supervisors work too: nothing crosses threads that does not in the host.
final class Course: Sendable {
    private struct State {
        var sent = ContinuousClock.now
        var durations: [Duration] = []
        var continuation: CheckedContinuation<[Duration], any Error>?
    }

    private let channel: WorkerChannel
    private let count: Int
    private let make: @Sendable (UInt64) -> HostMessage
    private let state = Mutex(State())

    init(channel: WorkerChannel, count: Int, make: @escaping @Sendable (UInt64) -> HostMessage) {
        self.channel = channel
        self.count = count
        self.make = make
    }

    func run(_ continuation: CheckedContinuation<[Duration], any Error>) {
        state.withLock {
            $0.continuation = continuation
            $0.durations.reserveCapacity(count)
        }
        next()
    }

    private func next() {
        state.withLock { $0.sent = .now }
        channel.request(timeout: .seconds(10), make) { [self] result in
            let now = ContinuousClock.now
            switch result {
            case .success:
                let isLast = state.withLock { state in
                    state.durations.append(now - state.sent)
                    return state.durations.count == count
                }
                if isLast { finish() } else { next() }
            case .failure(let error): state.withLock { $0.continuation?.resume(throwing: error) }
            }
        }
    }

    private func finish() {
        state.withLock { $0.continuation?.resume(returning: $0.durations) }
    }
}
