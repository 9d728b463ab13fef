import CLinux
import Glibc
import Synchronization

/// The reading end of a pipe that a child prints into. A child that prints without end is made to wait, so that it cannot
/// keep the host busy.
final class OutputPipe: Sendable {
    /// What a worker may print in one second, in bytes; then its pipe rests until the second is over.
    static let usualBytesPerSecond = 1 << 20

    private struct State {
        var descriptor: Int32?
        var budget: Int
        var isRefillScheduled = false
    }

    private let state: Mutex<State>
    private let reactor: Reactor
    private let bytesPerSecond: Int
    private let receive: @Sendable (ArraySlice<UInt8>) -> Void

    /// Takes over `descriptor`. `receive` is called on the reactor's thread.
    init(
        takingOver descriptor: Int32,
        reactor: Reactor,
        bytesPerSecond: Int = usualBytesPerSecond,
        receive: @escaping @Sendable (ArraySlice<UInt8>) -> Void
    ) throws(SystemError) {
        state = Mutex(State(descriptor: descriptor, budget: bytesPerSecond))
        self.bytesPerSecond = bytesPerSecond
        self.reactor = reactor
        self.receive = receive
        try SystemError.check("fcntl") { linux_set_nonblocking(descriptor) }
        try reactor.watch(descriptor, for: EPOLLIN.rawValue) { [self] _ in drain(withinBudget: true) }
    }

    /// Reads what is there, however much it is (a pipe holds 64 KiB), and closes: the child has ended.
    func finish() {
        drain(withinBudget: false)
        closeDescriptor()
    }

    private func drain(withinBudget isLimited: Bool) {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while let descriptor = state.withLock({ $0.descriptor }) {
            if isLimited, state.withLock({ $0.budget <= 0 }) { return rest(descriptor) }
            let count = read(descriptor, &bytes, bytes.count)
            if count > 0 {
                state.withLock { $0.budget -= count }
                receive(bytes[..<count])
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                return closeDescriptor()
            } else if errno == EAGAIN {
                return
            }
        }
    }

    private func rest(_ descriptor: Int32) {
        let mustSchedule = state.withLock { state in
            defer { state.isRefillScheduled = true }
            return !state.isRefillScheduled
        }
        guard mustSchedule else { return }
        reactor.unwatch(descriptor)
        reactor.schedule(after: .seconds(1)) { [self] in
            let descriptor = state.withLock { state in
                state.budget = bytesPerSecond
                state.isRefillScheduled = false
                return state.descriptor
            }
            guard let descriptor else { return }
            try? reactor.watch(descriptor, for: EPOLLIN.rawValue) { [self] _ in drain(withinBudget: true) }
        }
    }

    private func closeDescriptor() {
        state.withLock { state in
            guard let descriptor = state.descriptor else { return }
            reactor.unwatch(descriptor)
            close(descriptor)
            state.descriptor = nil
        }
    }
}
