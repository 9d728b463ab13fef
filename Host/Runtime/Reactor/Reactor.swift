import CLinux
import Glibc
import HostAPI
import Synchronization

/// The one thread that does everything with workers: starts them, reads what they say, sees them end, keeps their deadlines.
///
/// It is permanent because the kernel's parent-death signal follows the *thread* that started a process. It is also the
/// executor of the actors that supervise workers, so that nothing crosses threads between a worker's message and the
/// decision that it leads to. Nothing that runs here may block.
package final class Reactor: SerialExecutor, Sendable {
    /// A pending timer, for `cancel`.
    package struct Timer: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private struct Scheduled {
        let deadline: ContinuousClock.Instant
        let work: @Sendable () -> Void
    }

    private struct State {
        var jobs: [UnownedJob] = []
        var handlers: [Int32: @Sendable (UInt32) -> Void] = [:]
        var timers: [Timer: Scheduled] = [:]
        var nextTimer: UInt64 = 1
        /// No timer is due before this; may be too early after a `cancel`.
        var earliest: ContinuousClock.Instant?
        var isAwake = false
        var isStopped = false
    }

    private let state = Mutex(State())
    private let epoll: Int32
    private let wakeUp: Int32
    private let thread = Atomic<UInt>(0)

    /// Starts the thread.
    ///
    /// - Throws: `SystemError` if the system grants no descriptors or no thread.
    package init() throws(SystemError) {
        epoll = try SystemError.check("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) }
        wakeUp = try SystemError.check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) }
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(fd: wakeUp))
        let wakeUp = wakeUp
        _ = try SystemError.check("epoll_ctl") { epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event) }

        var handle = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let status = pthread_create(
            &handle,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Reactor>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            context
        )
        guard status == 0 else {
            Unmanaged<Reactor>.fromOpaque(context).release()
            throw SystemError(operation: "pthread_create", number: status)
        }
        pthread_detach(handle)
    }

    deinit {
        close(epoll)
        close(wakeUp)
    }

    /// Ends the thread once it has run what is queued. Timers and descriptors are forgotten.
    package func stop() {
        state.withLock { $0.isStopped = true }
        wake()
    }

    // MARK: Executor

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustWake = state.withLock { state in
            state.jobs.append(job)
            return !state.isAwake
        }
        if mustWake { wake() }
    }

    package func checkIsolated() {
        precondition(isOnThread, "must run on the reactor's thread")
    }

    package var isOnThread: Bool {
        thread.load(ordering: .acquiring) == UInt(pthread_self())
    }

    // MARK: Descriptors

    /// Calls `handler` on the reactor's thread whenever one of `events` (`EPOLLIN`, …) holds, until `unwatch`.
    package func watch(
        _ descriptor: Int32,
        for events: UInt32,
        handler: @escaping @Sendable (UInt32) -> Void
    ) throws(SystemError) {
        state.withLock { $0.handlers[descriptor] = handler }
        var event = epoll_event(events: events, data: epoll_data_t(fd: descriptor))
        let epoll = epoll
        do {
            _ = try SystemError.check("epoll_ctl") { epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) }
        } catch {
            state.withLock { _ = $0.handlers.removeValue(forKey: descriptor) }
            throw error
        }
    }

    /// Changes what a watched descriptor is watched for.
    package func rewatch(_ descriptor: Int32, for events: UInt32) {
        var event = epoll_event(events: events, data: epoll_data_t(fd: descriptor))
        epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event)
    }

    /// Ends `watch`. Call before the descriptor is closed.
    package func unwatch(_ descriptor: Int32) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
        state.withLock { _ = $0.handlers.removeValue(forKey: descriptor) }
    }

    // MARK: Time

    /// Runs `work` on the reactor's thread after `delay`, unless it is cancelled before.
    @discardableResult
    package func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) -> Timer {
        let deadline = ContinuousClock.now + delay
        let (timer, mustWake) = state.withLock { state in
            let timer = Timer(number: state.nextTimer)
            state.nextTimer += 1
            state.timers[timer] = Scheduled(deadline: deadline, work: work)
            let isEarliest = state.earliest.map { deadline < $0 } ?? true
            if isEarliest { state.earliest = deadline }
            return (timer, isEarliest && !state.isAwake)
        }
        if mustWake { wake() }
        return timer
    }

    /// Forgets the timer; one that has fired is fine.
    package func cancel(_ timer: Timer) {
        state.withLock { _ = $0.timers.removeValue(forKey: timer) }
    }

    // MARK: The thread

    private func wake() {
        var one: UInt64 = 1
        write(wakeUp, &one, MemoryLayout<UInt64>.size)
    }

    private func run() {
        thread.store(UInt(pthread_self()), ordering: .releasing)
        linux_name_thread("reactor")
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while runJobs() {
            let timeout = runTimers()
            let count = epoll_wait(epoll, &events, Int32(events.count), timeout)
            state.withLock { $0.isAwake = true }
            guard count > 0 else { continue }
            for event in events.prefix(Int(count)) {
                let descriptor = event.data.fd
                if descriptor == wakeUp {
                    var value: UInt64 = 0
                    read(wakeUp, &value, MemoryLayout<UInt64>.size)
                } else {
                    state.withLock { $0.handlers[descriptor] }?(event.events)
                }
            }
        }
    }

    /// Runs what is queued. False once the reactor is stopped and nothing is left.
    private func runJobs() -> Bool {
        while true {
            let (jobs, isStopped) = state.withLock { state in
                let jobs = state.jobs
                state.jobs.removeAll(keepingCapacity: true)
                // From here on a job added wakes the thread, because it may be on its way to sleep.
                if jobs.isEmpty { state.isAwake = false }
                return (jobs, state.isStopped)
            }
            if jobs.isEmpty { return !isStopped }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
        }
    }

    /// Runs what is due. Returns how long the thread may sleep, in milliseconds; -1 for ever.
    private func runTimers() -> Int32 {
        let now = ContinuousClock.now
        let (due, next) = state.withLock { state -> ([Scheduled], ContinuousClock.Instant?) in
            guard let earliest = state.earliest, earliest <= now else { return ([], state.earliest) }
            let due = state.timers.filter { $0.value.deadline <= now }
            for timer in due.keys { state.timers.removeValue(forKey: timer) }
            if !due.isEmpty { state.isAwake = true }
            state.earliest = state.timers.values.lazy.map(\.deadline).min()
            return (due.values.sorted { $0.deadline < $1.deadline }, state.earliest)
        }
        for scheduled in due { scheduled.work() }
        if !due.isEmpty { return 0 }
        guard let next else { return -1 }
        // Rounded up, so that the thread does not wake a moment too early and spin.
        return Int32(clamping: (next - now + .microseconds(999)).milliseconds)
    }
}
