internal import HostAPI

/// When a history writer writes, and how much it keeps.
package struct HistoryWriterLimits: Sendable {
    /// Readings kept in memory at most; the newest ones are dropped beyond it.
    package var capacity: Int
    /// So many waiting readings are written at once; also the size of one batch.
    package var batch: Int
    /// Readings wait at most this long.
    package var delay: Duration
    /// The wait after a first failure; it doubles with each one that follows.
    package var firstRetry: Duration
    package var longestRetry: Duration

    package init(
        capacity: Int = 65_536,
        batch: Int = 4_096,
        delay: Duration = .seconds(2),
        firstRetry: Duration = .seconds(1),
        longestRetry: Duration = .seconds(60)
    ) {
        self.capacity = capacity
        self.batch = batch
        self.delay = delay
        self.firstRetry = firstRetry
        self.longestRetry = longestRetry
    }
}

/// The readings that are not on the disk yet, and when to write them. No clock, no disk: it only says what to do.
struct ReadingsBuffer {
    enum Action: Equatable {
        case nothing
        case write
        /// Call `timerFired` with the number after the delay.
        case wait(Duration, timer: Int)
    }

    private enum Phase: Equatable {
        /// Nothing is waiting.
        case idle
        /// Waits for the batch to fill or the timer to fire.
        case filling(timer: Int)
        /// A write was ordered or is under way.
        case writing
        /// The last write failed.
        case retrying(timer: Int)
    }

    private let limits: HistoryWriterLimits
    private var phase = Phase.idle
    private var waiting: [StoredReading] = []
    private var batch: [StoredReading] = []
    private var failuresInARow = 0
    private var lastTimer = 0
    private var isClosed = false
    private var counts = HistoryWriterStatistics()

    init(limits: HistoryWriterLimits) {
        self.limits = limits
    }

    var statistics: HistoryWriterStatistics {
        var statistics = counts
        statistics.waiting = waiting.count + batch.count
        return statistics
    }

    mutating func add(_ readings: [StoredReading]) -> Action {
        let room = isClosed ? 0 : max(0, limits.capacity - waiting.count - batch.count)
        waiting.append(contentsOf: readings.prefix(room))
        counts.dropped += UInt64(max(0, readings.count - room))
        return switch phase {
        case .idle, .filling: fill()
        case .writing, .retrying: .nothing
        }
    }

    /// What to do with less than everything under way.
    private mutating func fill() -> Action {
        if waiting.count >= limits.batch {
            phase = .writing
            return .write
        }
        guard phase == .idle, !waiting.isEmpty else { return .nothing }
        lastTimer += 1
        phase = .filling(timer: lastTimer)
        return .wait(limits.delay, timer: lastTimer)
    }

    /// Whether it is time to write: not if the timer was overtaken by something else.
    mutating func timerFired(_ timer: Int) -> Bool {
        guard phase == .filling(timer: timer) || phase == .retrying(timer: timer) else { return false }
        phase = .writing
        return true
    }

    /// Begins to write. Returns how many readings are waiting.
    mutating func begin() -> Int {
        phase = .writing
        return waiting.count
    }

    /// The oldest readings, to be followed by `batchStored` or `batchFailed`.
    mutating func takeBatch(atMost count: Int) -> [StoredReading] {
        batch = Array(waiting.prefix(min(count, limits.batch)))
        waiting.removeFirst(batch.count)
        return batch
    }

    mutating func batchStored(_ result: AppendResult) {
        counts.stored += UInt64(result.stored)
        counts.duplicates += UInt64(result.duplicates)
        batch = []
        failuresInARow = 0
    }

    mutating func batchFailed() -> Action {
        counts.failures += 1
        waiting.insert(contentsOf: batch, at: 0)
        batch = []
        let delay = min(limits.firstRetry * (1 << min(failuresInARow, 16)), limits.longestRetry)
        failuresInARow += 1
        lastTimer += 1
        phase = .retrying(timer: lastTimer)
        return .wait(delay, timer: lastTimer)
    }

    /// Everything that was waiting at the beginning is written.
    mutating func end() -> Action {
        phase = .idle
        return fill()
    }

    mutating func close() {
        isClosed = true
    }

    /// What is waiting of one series, in the order of its arrival.
    func readings(of series: SeriesName) -> [Reading] {
        [batch, waiting].flatMap { readings in
            readings.lazy.filter { $0.series == series }.map(\.reading)
        }
    }
}
