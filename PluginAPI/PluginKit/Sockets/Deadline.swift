import Glibc

/// A moment on the clock that never jumps (`CLOCK_MONOTONIC`).
struct Deadline: Comparable, Sendable {
    /// Nanoseconds since some moment before the system's start.
    let nanoseconds: Int64

    static var now: Deadline {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Deadline(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// The moment that comes `duration` from now; one that lies behind if it is negative.
    static func after(_ duration: Duration) -> Deadline {
        let (seconds, attoseconds) = duration.components
        // A hundred years are for ever, and keep the sum from overflowing.
        let limited = min(max(seconds, -1), 3_153_600_000)
        return Deadline(nanoseconds: now.nanoseconds + limited * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    /// The time left until then, divided by `parts`; at least 1 ms.
    func share(of parts: Int) -> Deadline {
        let now = Deadline.now.nanoseconds
        return Deadline(nanoseconds: now + max((nanoseconds - now) / Int64(parts), 1_000_000))
    }

    static func < (left: Deadline, right: Deadline) -> Bool { left.nanoseconds < right.nanoseconds }
}
