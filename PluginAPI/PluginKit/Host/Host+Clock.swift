import PluginAPI

/// Time, as plugin logic should ask for it: the host's clock in life, a clock of the test's own in a test.
public protocol TimeSource: Sendable {
    /// UTC. May jump.
    var now: Timestamp { get }
    /// The time since an arbitrary start; never jumps, counts suspended time.
    var uptime: Duration { get }
    /// Waits. Throws `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws
}

extension Host {
    /// The host's clock. A sleeping task costs a timer in the host's loop, not a thread.
    public struct Clock: TimeSource {
        let link: HostLink

        public var now: Timestamp {
            Timestamp(milliseconds: link.call(link.clock) { $0.now_ms($1) } ?? 0)
        }

        public var uptime: Duration {
            .milliseconds(link.call(link.clock) { $0.monotonic_ms($1) } ?? 0)
        }

        public func sleep(for duration: Duration) async throws {
            let (seconds, attoseconds) = duration.components
            // Rounded up, so that nobody wakes too early; 49 days at a time, the most that the host takes.
            var left = seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
            try Task.checkCancellation()
            // Others get their turn in a loop that sleeps for no time, too.
            if left <= 0 { await Task.yield() }
            while left > 0 {
                let part = UInt32(clamping: left)
                try await sleep(milliseconds: part)
                left -= Int64(part)
            }
        }

        private func sleep(milliseconds: UInt32) async throws {
            let waiter = Waiter<Bool>()
            let number = link.callbacks.add { event in
                if case .fired = event { waiter.resume(true) } else { waiter.resume(false) }
            }
            defer { link.callbacks.remove(number) }
            let timer = link.call(link.clock) { table, host in
                table.start_timer(
                    host,
                    milliseconds,
                    0,
                    { HostCallbacks.deliver(.fired, to: $0) },
                    HostCallbacks.context(number)
                )
            }
            // No clock, or all timers in use: the task's own clock does it, for a little more memory.
            guard let timer, timer != 0 else { return try await Task.sleep(for: .milliseconds(milliseconds)) }
            if await !waiter.value(ifCancelled: false) {
                link.call(link.clock) { $0.stop_timer($1, timer) }
                throw CancellationError()
            }
        }
    }
}
