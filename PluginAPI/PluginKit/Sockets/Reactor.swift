import CLinux
import Glibc
import Synchronization

/// The one thread that waits for all sockets of the plugin, and for their deadlines.
///
/// Sockets are watched edge-triggered: one system call when a socket is opened, none per read. The thread sleeps
/// until a socket or the timer wakes it; the timer is set to the earliest deadline only.
final class Reactor: Sendable {
    static let shared = Reactor()

    private struct State {
        var nextNumber: UInt64 = 1  // 0 is the timer
        var sockets: [UInt64: Socket] = [:]
        var deadlines: [UInt64: (deadline: Deadline, action: @Sendable () -> Void)] = [:]
        var armed: Deadline?
        var isRunning = false
    }

    private let state = Mutex(State())
    private let epoll: Int32
    private let timer: Int32

    private init() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
        precondition(epoll >= 0 && timer >= 0, "the system has no descriptor left for the plugin's sockets")
        watch(timer, as: 0, for: EPOLLIN.rawValue)
    }

    /// Watches `socket` until ``remove(_:)``. Returns its number.
    func add(_ socket: Socket, descriptor: Int32) -> UInt64 {
        let number = state.withLock { state in
            startIfNeeded(&state)
            let number = take(&state.nextNumber)
            state.sockets[number] = socket
            return number
        }
        watch(
            descriptor,
            as: number,
            for: EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        )
        return number
    }

    /// Forgets the socket. Its descriptor is closed by the caller, which ends the watch.
    func remove(_ number: UInt64) {
        state.withLock { $0.sockets[number] = nil }
    }

    /// Calls `action` at `deadline`, on the reactor's thread. Returns a number for ``cancel(_:)``.
    @discardableResult
    func call(at deadline: Deadline, _ action: @escaping @Sendable () -> Void) -> UInt64 {
        state.withLock { state in
            startIfNeeded(&state)
            let number = take(&state.nextNumber)
            state.deadlines[number] = (deadline, action)
            if state.armed.map({ deadline < $0 }) ?? true { arm(&state, deadline) }
            return number
        }
    }

    /// Forgets a deadline. The timer stays as it is: a needless wake-up in seconds costs less than a call for each.
    func cancel(_ number: UInt64) {
        state.withLock { $0.deadlines[number] = nil }
    }

    private func take(_ number: inout UInt64) -> UInt64 {
        defer { number += 1 }
        return number
    }

    private func startIfNeeded(_ state: inout State) {
        guard !state.isRunning else { return }
        state.isRunning = true
        startThread { self.run() }
    }

    private func arm(_ state: inout State, _ deadline: Deadline?) {
        state.armed = deadline
        var time = itimerspec()  // all zero: disarmed
        if let deadline {
            let nanoseconds = max(deadline.nanoseconds, 1)
            time.it_value.tv_sec = Int(nanoseconds / 1_000_000_000)
            time.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
        }
        timerfd_settime(timer, Int32(TFD_TIMER_ABSTIME), &time, nil)
    }

    private func watch(_ descriptor: Int32, as number: UInt64, for events: UInt32) {
        var event = epoll_event()
        event.events = events
        event.data.u64 = number
        epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
    }

    private func run() -> Never {
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while true {
            let count = epoll_wait(epoll, &events, Int32(events.count), -1)
            for event in events.prefix(Int(max(count, 0))) {
                if event.data.u64 == 0 {
                    callWhatIsDue()
                } else {
                    state.withLock { $0.sockets[event.data.u64] }?.becameReady(event.events)
                }
            }
        }
    }

    private func callWhatIsDue() {
        var expirations: UInt64 = 0
        _ = read(timer, &expirations, MemoryLayout<UInt64>.size)
        let now = Deadline.now
        let due = state.withLock { state in
            let due = state.deadlines.filter { $0.value.deadline <= now }
            for number in due.keys { state.deadlines[number] = nil }
            arm(&state, state.deadlines.values.map(\.deadline).min())
            return due
        }
        for (_, entry) in due.sorted(by: { $0.value.deadline < $1.value.deadline }) { entry.action() }
    }
}
