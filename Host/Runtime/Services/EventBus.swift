package import HostAPI
import Synchronization

/// What happens in the host, as it happens: to everybody who listens, and the last 1,000 for those who come late.
package final class EventBus: Sendable {
    /// How many events are remembered. Readings are not: they are in the history.
    package static let memory = 1_000
    /// How many events wait for a slow listener; one that falls further behind is told so, and its stream ends.
    package static let backlog = 4_096

    private typealias Continuation = AsyncThrowingStream<Event, any Error>.Continuation

    private struct State {
        var nextNumber: UInt64 = 1
        var recent: [Event] = []
        var listeners: [UInt64: Continuation] = [:]
        var nextListener: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let clock: @Sendable () -> Timestamp

    package init(clock: @escaping @Sendable () -> Timestamp) {
        self.clock = clock
    }

    /// Whether anybody listens; if not, an event that is not remembered need not be made.
    package var hasListeners: Bool { state.withLock { !$0.listeners.isEmpty } }

    /// The number of the newest event that is remembered; 0 if there is none.
    package var lastRemembered: UInt64 { state.withLock { $0.recent.last?.number ?? 0 } }

    package func publish(
        _ kind: String,
        plugin: String? = nil,
        device: String? = nil,
        _ message: String,
        data: JSONValue? = nil,
        isRemembered: Bool = true
    ) {
        let time = clock()
        let tooSlow = state.withLock { state in
            let event = Event(
                number: state.nextNumber,
                time: time,
                kind: kind,
                plugin: plugin,
                device: device,
                message: message,
                data: data
            )
            state.nextNumber += 1
            if isRemembered {
                state.recent.append(event)
                if state.recent.count > 2 * Self.memory { state.recent.removeFirst(state.recent.count - Self.memory) }
            }
            // Under the lock, or events of two threads would arrive in another order than that of their numbers.
            let tooSlow = state.listeners.filter { $0.value.yield(event).isDropped }
            for listener in tooSlow.keys { state.listeners.removeValue(forKey: listener) }
            return tooSlow.values
        }
        for listener in tooSlow { listener.finish(throwing: Failure.fellBehind) }
    }

    /// New events, after those since `number` that are still remembered. Ends with the host.
    package func events(after number: UInt64?) -> AsyncThrowingStream<Event, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: Event.self,
            throwing: (any Error).self,
            // What was remembered comes at once and is no sign of slowness.
            bufferingPolicy: .bufferingOldest(2 * Self.memory + Self.backlog)
        )
        let listener = state.withLock { state -> UInt64? in
            guard !state.isClosed else { return nil }
            if let number {
                for event in state.recent where event.number > number { continuation.yield(event) }
            }
            defer { state.nextListener += 1 }
            state.listeners[state.nextListener] = continuation
            return state.nextListener
        }
        guard let listener else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: listener) }
        }
        return stream
    }

    /// Ends every stream.
    package func close() {
        let listeners = state.withLock { state in
            state.isClosed = true
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }
}
