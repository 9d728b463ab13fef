import CLinux
import Glibc
import Synchronization

/// The control socket of one worker: frames out from any thread, frames in on the reactor's thread, and requests with
/// deadlines that find their answers.
package final class WorkerChannel: Sendable {
    /// Why a request has no answer.
    package enum RequestError: Error, Equatable {
        case timedOut
        case closed
    }

    /// What the other end did.
    package enum Event: Sendable {
        case message(WorkerMessage)
        /// It broke the protocol; nothing more is read.
        case broken(ProtocolError)
        /// It closed the connection.
        case closed
        /// It does not read: more than `maximumBacklog` bytes wait to be sent.
        case notReading
    }

    /// How much may wait to be sent, in bytes.
    package static let maximumBacklog = 4 << 20

    package typealias Completion = @Sendable (Result<Answer, RequestError>) -> Void

    fileprivate struct Request {
        let completion: Completion
        let timer: Reactor.Timer
    }

    fileprivate struct State {
        var descriptor: Int32?
        var backlog: [UInt8] = []
        var requests: [UInt64: Request] = [:]
        var nextOperation: UInt64 = 1
        var decoder = FrameDecoder()
    }

    private let state: Mutex<State>
    private let reactor: Reactor
    private let receive: @Sendable (Event) -> Void

    /// Takes over `descriptor`, a connected stream socket, also if it throws. `receive` is called on the reactor's thread.
    package init(
        takingOver descriptor: Int32,
        reactor: Reactor,
        receive: @escaping @Sendable (Event) -> Void
    ) throws(SystemError) {
        state = Mutex(State(descriptor: descriptor))
        self.reactor = reactor
        self.receive = receive
        try SystemError.check("fcntl") { linux_set_nonblocking(descriptor) }
        try reactor.watch(descriptor, for: EPOLLIN.rawValue) { [self] events in ready(events) }
    }

    deinit {
        if let descriptor = state.withLock({ $0.descriptor }) { Glibc.close(descriptor) }
    }

    /// Whether there still is a connection.
    package var isOpen: Bool { state.withLock { $0.descriptor != nil } }

    /// Whether so much waits to be sent that nothing should be added that can wait.
    package var isBehind: Bool { state.withLock { $0.backlog.count > Self.maximumBacklog / 4 } }

    /// Ends the connection; open requests end as `closed`. Harmless when repeated.
    package func close() {
        let (descriptor, requests) = state.withLock { state in
            let descriptor = state.descriptor
            let requests = state.requests
            state.descriptor = nil
            state.requests = [:]
            state.backlog = []
            if let descriptor {
                reactor.unwatch(descriptor)
                Glibc.close(descriptor)
            }
            return (descriptor, requests)
        }
        guard descriptor != nil else { return }
        for request in requests.values {
            reactor.cancel(request.timer)
            request.completion(.failure(.closed))
        }
    }

    /// Sends a message, or queues it if the worker is slow to read. Nothing happens once the channel is closed.
    package func send(_ message: HostMessage) {
        let bytes = message.frame.encoded
        let isOverfull = state.withLock { $0.send(bytes, reactor: reactor) }
        // Told on the reactor's thread, whichever thread sends.
        if isOverfull { reactor.schedule(after: .zero) { [self] in receive(.notReading) } }
    }

    /// Sends the message that `make` builds for a new operation number. `completion` is called once: with the worker's
    /// answer (on the reactor's thread), or after `timeout`, or when the channel closes.
    package func request(
        timeout: Duration,
        _ make: (UInt64) -> HostMessage,
        completion: @escaping Completion
    ) {
        let operation = state.withLock { state -> UInt64? in
            guard state.descriptor != nil else { return nil }
            defer { state.nextOperation += 1 }
            return state.nextOperation
        }
        guard let operation else { return completion(.failure(.closed)) }
        let timer = reactor.schedule(after: timeout) { [self] in finish(operation, .failure(.timedOut)) }
        let isOpen = state.withLock { state in
            guard state.descriptor != nil else { return false }
            state.requests[operation] = Request(completion: completion, timer: timer)
            return true
        }
        guard isOpen else {
            reactor.cancel(timer)
            return completion(.failure(.closed))
        }
        send(make(operation))
    }

    /// `request` for callers that await.
    package func request(
        timeout: Duration,
        _ make: (UInt64) -> HostMessage
    ) async throws(RequestError) -> Answer {
        let result = await withCheckedContinuation { continuation in
            request(timeout: timeout, make) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    private func finish(_ operation: UInt64, _ result: Result<Answer, RequestError>) {
        guard let request = state.withLock({ $0.requests.removeValue(forKey: operation) }) else { return }
        reactor.cancel(request.timer)
        request.completion(result)
    }

    // MARK: On the reactor's thread

    private func ready(_ events: UInt32) {
        if events & EPOLLOUT.rawValue != 0 {
            state.withLock { $0.flush(reactor: reactor) }
        }
        if events & (EPOLLIN.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 {
            // Once: a worker that never pauses must not keep the thread from the others. What is left is told again.
            drain(atMost: 1)
        }
    }

    /// Reads what is there, `reads` times at most, and hands it on.
    func drain(atMost reads: Int = .max) {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        var readsLeft = reads
        while readsLeft > 0, let descriptor = state.withLock({ $0.descriptor }) {
            readsLeft -= 1
            let count = read(descriptor, &bytes, bytes.count)
            if count > 0 {
                bytes.withUnsafeBytes { bytes in
                    state.withLock { $0.decoder.append(UnsafeRawBufferPointer(rebasing: bytes[..<count])) }
                }
                guard deliver() else { return }
                if count < bytes.count { return }
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                close()
                receive(.closed)
                return
            } else if errno == EAGAIN {
                return
            }
        }
    }

    /// Hands on the frames that are whole. False if the protocol was broken.
    private func deliver() -> Bool {
        do {
            while let frame = try state.withLock({ state throws(ProtocolError) in try state.decoder.next() }) {
                let message = try WorkerMessage(frame)
                if case .result(let operation, let answer) = message {
                    finish(operation, .success(answer))
                } else if case .pong(let operation) = message {
                    finish(operation, .success(Answer(status: .ok)))
                } else {
                    receive(.message(message))
                }
            }
            return true
        } catch {
            close()
            receive(.broken(error))
            return false
        }
    }
}

extension WorkerChannel.State {
    /// Sends what the socket takes and keeps the rest. True if too much is kept.
    fileprivate mutating func send(_ bytes: [UInt8], reactor: Reactor) -> Bool {
        guard let descriptor else { return false }
        // That it does not read has been told; nothing more is kept for it.
        guard backlog.count <= WorkerChannel.maximumBacklog else { return false }
        guard backlog.isEmpty else {
            backlog += bytes
            return backlog.count > WorkerChannel.maximumBacklog
        }
        let sent = Self.write(bytes[...], to: descriptor)
        if sent < bytes.count {
            backlog = Array(bytes[sent...])
            reactor.rewatch(descriptor, for: EPOLLIN.rawValue | EPOLLOUT.rawValue)
        }
        return backlog.count > WorkerChannel.maximumBacklog
    }

    fileprivate mutating func flush(reactor: Reactor) {
        guard let descriptor else { return }
        backlog.removeFirst(Self.write(backlog[...], to: descriptor))
        if backlog.isEmpty { reactor.rewatch(descriptor, for: EPOLLIN.rawValue) }
    }

    /// The number of bytes that the socket took.
    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int {
        bytes.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.send(
                    descriptor,
                    bytes.baseAddress?.advanced(by: sent),
                    bytes.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
                if count > 0 { sent += count } else if errno != EINTR { break }
            }
            return sent
        }
    }
}
