import CLinux
import Glibc
import Synchronization

/// A non-blocking descriptor that tasks can wait for. The base of TCP connections and UDP sockets.
final class Socket: Sendable {
    enum Direction {
        case input
        case output
    }

    private typealias Wake = Result<Void, SocketError>

    private struct Side {
        var isReady = true
        var waiter: Waiter<Wake>?
    }

    private struct State {
        /// -1 once closed.
        var descriptor: Int32
        var number: UInt64 = 0
        var input = Side()
        var output = Side()
    }

    private let state: Mutex<State>
    /// Whom it talks to, for errors.
    let peer: String

    /// Opens a socket of `type` for addresses of `family`, not connected or bound yet.
    init(family: Int32, type: __socket_type, peer: String) throws(SocketError) {
        let flags = SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let descriptor = socket(family, Int32(type.rawValue | flags), 0)
        guard descriptor >= 0 else { throw SocketError(errno, doing: "opening a socket", peer: peer) }
        state = Mutex(State(descriptor: descriptor))
        self.peer = peer
    }

    /// Puts the socket under the reactor's eyes. To be called once, after `connect` or `bind`.
    func activate() {
        let descriptor = state.withLock(\.descriptor)
        let number = Reactor.shared.add(self, descriptor: descriptor)
        state.withLock { $0.number = number }
    }

    deinit { close() }

    /// Ends everything that waits, with ``SocketError/closed(peer:)``. Closing twice is fine.
    func close() {
        let (waiters, number) = state.withLock { state in
            let waiters = [state.input.waiter, state.output.waiter]
            if state.descriptor >= 0 { Glibc.close(state.descriptor) }
            state.descriptor = -1
            state.input.waiter = nil
            state.output.waiter = nil
            return (waiters, state.number)
        }
        Reactor.shared.remove(number)
        for waiter in waiters { waiter?.resume(.failure(.closed(peer: peer))) }
    }

    /// Makes a system call with the descriptor, which stays open meanwhile. The call must not block.
    func withDescriptor<Value>(_ body: (Int32) -> Value) throws(SocketError) -> Value {
        let value: Value? = state.withLock { $0.descriptor < 0 ? nil : body($0.descriptor) }
        guard let value else { throw .closed(peer: peer) }
        return value
    }

    /// Repeats `call` until it does not say "would block", waiting in between. Returns what it returned, not negative.
    ///
    /// One task at a time may wait for each direction. A cancellation closes the socket, because what is half read or
    /// half written cannot be continued.
    func perform(
        _ direction: Direction,
        until deadline: Deadline,
        doing: String,
        _ call: (Int32) -> Int
    ) async throws(SocketError) -> Int {
        while true {
            let (result, code) = try withDescriptor { descriptor in
                let result = call(descriptor)
                return (result, errno)
            }
            if result >= 0 { return result }
            switch code {
            case EINTR: continue
            case EAGAIN: try await wait(for: direction, until: deadline, doing: doing)
            default: throw SocketError(code, doing: doing, peer: peer)
            }
        }
    }

    /// Waits until `direction` is worth a try.
    func wait(for direction: Direction, until deadline: Deadline, doing: String) async throws(SocketError) {
        guard let waiter = try beginWaiting(for: direction) else { return }
        let timeout = Wake.failure(.timedOut(peer: peer, waitingFor: doing))
        let timer = Reactor.shared.call(at: deadline) { waiter.resume(timeout) }
        let wake = await waiter.value(ifCancelled: .failure(.closed(peer: peer))) { self.close() }
        Reactor.shared.cancel(timer)
        endWaiting(for: direction, waiter)
        try wake.get()
    }

    /// Called by the reactor.
    func becameReady(_ events: UInt32) {
        let failed = EPOLLERR.rawValue | EPOLLHUP.rawValue
        let waiters = state.withLock { state in
            var waiters: [Waiter<Wake>] = []
            if events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | failed) != 0 { Socket.wake(&state.input, &waiters) }
            if events & (EPOLLOUT.rawValue | failed) != 0 { Socket.wake(&state.output, &waiters) }
            return waiters
        }
        for waiter in waiters { waiter.resume(.success(())) }
    }

    private static func wake(_ side: inout Side, _ waiters: inout [Waiter<Wake>]) {
        side.isReady = true
        if let waiter = side.waiter { waiters.append(waiter) }
        side.waiter = nil
    }

    /// Nothing if the direction became ready since somebody asked last.
    private func beginWaiting(for direction: Direction) throws(SocketError) -> Waiter<Wake>? {
        let waiter = Waiter<Wake>()
        let (isClosed, isReady) = state.withLock { state in
            let side: WritableKeyPath<State, Side> = direction == .input ? \.input : \.output
            if state.descriptor < 0 { return (true, false) }
            if state[keyPath: side].isReady {
                state[keyPath: side].isReady = false
                return (false, true)
            }
            precondition(state[keyPath: side].waiter == nil, "two tasks use one direction of one socket")
            state[keyPath: side].waiter = waiter
            return (false, false)
        }
        if isClosed { throw .closed(peer: peer) }
        return isReady ? nil : waiter
    }

    private func endWaiting(for direction: Direction, _ waiter: Waiter<Wake>) {
        state.withLock { state in
            let side: WritableKeyPath<State, Side> = direction == .input ? \.input : \.output
            if state[keyPath: side].waiter === waiter { state[keyPath: side].waiter = nil }
        }
    }
}

extension SocketError {
    /// What `code`, an errno, means for a socket.
    init(_ code: Int32, doing: String, peer: String) {
        switch code {
        case ECONNREFUSED: self = .refused(peer: peer)
        case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, EADDRNOTAVAIL: self = .unreachable(peer: peer)
        case ETIMEDOUT: self = .timedOut(peer: peer, waitingFor: doing)
        case ECONNRESET, EPIPE, ECONNABORTED: self = .reset(peer: peer)
        case EACCES, EPERM: self = .denied(peer: peer)
        default: self = .system(doing: doing, code: code, reason: String(cString: strerror(code)))
        }
    }
}
