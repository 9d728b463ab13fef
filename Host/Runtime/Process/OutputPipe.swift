import CLinux
import Glibc
import Synchronization

/// The reading end of a pipe that a child prints into. A child that prints without end, or faster than what it prints can
/// be passed on, is made to wait, so that it cannot keep the host busy.
final class OutputPipe: Sendable {
    /// What a worker may print in one second, in bytes; then its pipe rests until the second is over.
    static let usualBytesPerSecond = 1 << 20
    /// How long a pipe rests before it asks again whether its receiver has room.
    static let pauseForReceiver: Duration = .milliseconds(50)

    private struct State {
        var descriptor: Int32?
        var budget: Int
    }

    private let state: Mutex<State>
    private let reactor: Reactor
    private let bytesPerSecond: Int
    private let hasRoom: @Sendable () -> Bool
    private let receive: @Sendable (ArraySlice<UInt8>) -> Void

    /// Takes over `descriptor`, also if it throws. `hasRoom` and `receive` are called on the reactor's thread.
    init(
        takingOver descriptor: Int32,
        reactor: Reactor,
        bytesPerSecond: Int = usualBytesPerSecond,
        hasRoom: @escaping @Sendable () -> Bool = { true },
        receive: @escaping @Sendable (ArraySlice<UInt8>) -> Void
    ) throws(SystemError) {
        state = Mutex(State(descriptor: descriptor, budget: bytesPerSecond))
        self.bytesPerSecond = bytesPerSecond
        self.reactor = reactor
        self.hasRoom = hasRoom
        self.receive = receive
        try SystemError.check("fcntl") { linux_set_nonblocking(descriptor) }
        try watch(descriptor)
    }

    deinit {
        if let descriptor = state.withLock({ $0.descriptor }) { Glibc.close(descriptor) }
    }

    /// Reads what is there, however much it is (a pipe holds 64 KiB), and closes: the child has ended.
    func finish() {
        while readOnce() {}
        close()
    }

    /// Harmless when repeated.
    func close() {
        state.withLock { state in
            guard let descriptor = state.descriptor else { return }
            reactor.unwatch(descriptor)
            Glibc.close(descriptor)
            state.descriptor = nil
        }
    }

    private func watch(_ descriptor: Int32) throws(SystemError) {
        try reactor.watch(descriptor, for: EPOLLIN.rawValue) { [self] _ in ready(descriptor) }
    }

    /// Reads once: what is left is told again, after all others had their turn.
    private func ready(_ descriptor: Int32) {
        if state.withLock({ $0.budget <= 0 }) { return rest(descriptor, for: .seconds(1)) }
        if !hasRoom() { return rest(descriptor, for: Self.pauseForReceiver) }
        readOnce()
    }

    /// False if nothing is there, or will be.
    @discardableResult
    private func readOnce() -> Bool {
        guard let descriptor = state.withLock({ $0.descriptor }) else { return false }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(descriptor, &bytes, bytes.count)
        if count > 0 {
            state.withLock { $0.budget -= count }
            receive(bytes[..<count])
            return true
        }
        if count < 0, errno == EINTR { return true }
        if count == 0 || errno != EAGAIN { close() }
        return false
    }

    private func rest(_ descriptor: Int32, for pause: Duration) {
        reactor.unwatch(descriptor)
        reactor.schedule(after: pause) { [self] in
            let descriptor = state.withLock { state in
                if state.budget <= 0 { state.budget = bytesPerSecond }
                return state.descriptor
            }
            if let descriptor { try? watch(descriptor) }
        }
    }
}
