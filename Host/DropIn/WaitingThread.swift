internal import CLinux
internal import Glibc
package import HostAPI
internal import Synchronization

/// A thread that waits for one descriptor and one moment, so that file systems are looked at where they may block.
package final class WaitingThread: Sendable {
    private let signal: Signal
    /// Zero once it is joined.
    private let thread: Mutex<pthread_t>

    /// Starts it.
    ///
    /// - Parameters:
    ///   - name: At most 15 bytes, for `ps` and debuggers.
    ///   - descriptor: Open until the thread has ended.
    ///   - turn: Called at once, and whenever the descriptor is readable, the moment has come, or `wake` was called.
    ///     Returns the next moment.
    /// - Throws: `internal` if the system grants no descriptor or no thread.
    package init(
        named name: String,
        descriptor: Int32,
        turn: @escaping @Sendable () -> ContinuousClock.Instant?
    ) throws(Failure) {
        let signal = try Signal()
        self.signal = signal
        let work = Unmanaged.passRetained(
            Work {
                linux_name_thread(name)
                while !signal.isStopped {
                    let next = turn()
                    if !signal.isStopped { signal.wait(or: descriptor, until: next) }
                }
            }
        )
        var handle = pthread_t()
        let status = pthread_create(
            &handle,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            },
            work.toOpaque()
        )
        guard status == 0 else {
            work.release()
            throw Failure(.internalError, "the system grants no thread: \(String(cString: strerror(status)))")
        }
        thread = Mutex(handle)
    }

    deinit { stop() }

    /// Makes it take a turn.
    package func wake() { signal.wake() }

    /// Ends it. When this returns the last turn is over, unless it is called from within a turn.
    package func stop() {
        signal.stop()
        let handle = thread.withLock { thread in
            defer { thread = 0 }
            return thread
        }
        guard handle != 0 else { return }
        if pthread_equal(handle, pthread_self()) != 0 { pthread_detach(handle) } else { pthread_join(handle, nil) }
    }
}

private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}

/// What the thread shares with its owner. It lives as long as the longer-lived of them.
private final class Signal: Sendable {
    private let wakeUp: Int32
    private let stopped = Atomic(false)

    init() throws(Failure) {
        wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeUp >= 0 else {
            throw Failure(.internalError, "the system grants no descriptor: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(wakeUp) }

    var isStopped: Bool { stopped.load(ordering: .acquiring) }

    func stop() {
        stopped.store(true, ordering: .releasing)
        wake()
    }

    func wake() {
        var one: UInt64 = 1
        write(wakeUp, &one, MemoryLayout<UInt64>.size)
    }

    func wait(or descriptor: Int32, until moment: ContinuousClock.Instant?) {
        var descriptors = [
            pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&descriptors, 2, moment.map(Self.milliseconds) ?? -1)
        var value: UInt64 = 0
        read(wakeUp, &value, MemoryLayout<UInt64>.size)
    }

    /// Rounded up, so that the thread does not wake a moment too early and spin.
    private static func milliseconds(until moment: ContinuousClock.Instant) -> Int32 {
        let (seconds, attoseconds) = max(moment - .now, .zero).components
        return Int32(clamping: seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
