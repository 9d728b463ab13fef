package import HostAPI
internal import Synchronization

/// Takes readings from any thread at once and stores them in batches. Reading sees what is not on the disk yet.
package final class HistoryWriter: Sendable {
    private struct Memory {
        var buffer: ReadingsBuffer
        var latest: [SeriesName: LatestReading]
        var state: WriterState = .writing

        /// Of two readings of one time the first one counts, as on the disk.
        mutating func noteLatest(_ reading: StoredReading) {
            if let known = latest[reading.series], known.reading.time >= reading.reading.time { return }
            latest[reading.series] = LatestReading(series: reading.series, unit: reading.unit, reading: reading.reading)
        }
    }

    private let database: HistoryDatabase
    private let queue: any WriteQueue
    private let stateChanged: @Sendable (WriterState) -> Void
    private let memory: Mutex<Memory>

    /// `stateChanged` is called on the queue, once when writing begins to fail and once when it works again.
    ///
    /// - Throws: If the latest values cannot be read.
    package init(
        _ database: HistoryDatabase,
        limits: HistoryWriterLimits = HistoryWriterLimits(),
        queue: any WriteQueue = DispatchWriteQueue(label: "hearth.history"),
        stateChanged: @escaping @Sendable (WriterState) -> Void = { _ in }
    ) throws(StoreError) {
        self.database = database
        self.queue = queue
        self.stateChanged = stateChanged
        let latest = try database.latest()
        memory = Mutex(
            Memory(
                buffer: ReadingsBuffer(limits: limits),
                latest: Dictionary(latest.map { ($0.series, $0) }, uniquingKeysWith: { first, _ in first })
            )
        )
    }

    package var statistics: HistoryWriterStatistics { memory.withLock { $0.buffer.statistics } }

    /// Takes readings; never waits for the disk. What does not fit is dropped and counted.
    package func add(_ readings: [StoredReading]) {
        let action = memory.withLock { memory in
            for reading in readings { memory.noteLatest(reading) }
            return memory.buffer.add(readings)
        }
        carryOut(action)
    }

    /// Waits until everything that was added before is stored.
    ///
    /// - Throws: Why it could not be; it is kept and tried again.
    package func flush() async throws(StoreError) {
        let result = await withCheckedContinuation { continuation in
            queue.run { continuation.resume(returning: self.writeAll()) }
        }
        try result.get()
    }

    /// Stores everything; what is added later is dropped and counted. The database stays open.
    package func close() async throws(StoreError) {
        memory.withLock { $0.buffer.close() }
        try await flush()
    }

    /// The newest reading of every series, by name. Never waits for the disk.
    package func latest() -> [LatestReading] {
        memory.withLock { Array($0.latest.values) }.sorted { $0.series < $1.series }
    }

    package func latest(of series: SeriesName) -> LatestReading? {
        memory.withLock { $0.latest[series] }
    }

    /// As `HistoryDatabase.readings`, with what is not on the disk yet.
    package func readings(
        _ series: SeriesName,
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        limit: Int
    ) throws(StoreError) -> ReadingsPage? {
        // Memory first: what is stored in between is found twice, never not at all.
        let (waiting, unit) = memory.withLock { memory in
            (memory.buffer.readings(of: series), memory.latest[series]?.unit)
        }
        let stored = try database.readings(series, since: since, until: until, limit: limit)
        guard let unit = stored?.unit ?? unit else { return nil }
        var page = stored ?? ReadingsPage(series: series, unit: unit, readings: [], isTruncated: false)
        page.merge(waiting, since: since, until: until, limit: HistoryDatabase.pageLimit(limit))
        return page
    }
}

// MARK: On the queue

extension HistoryWriter {
    private func carryOut(_ action: ReadingsBuffer.Action) {
        switch action {
        case .nothing: break
        case .write: queue.run { _ = self.writeAll() }
        case .wait(let delay, let timer):
            queue.run(after: delay) {
                let isDue = self.memory.withLock { $0.buffer.timerFired(timer) }
                if isDue { _ = self.writeAll() }
            }
        }
    }

    /// Writes what is waiting now; what comes meanwhile fills the next batch.
    private func writeAll() -> Result<Void, StoreError> {
        var remaining = memory.withLock { $0.buffer.begin() }
        while remaining > 0 {
            let batch = memory.withLock { $0.buffer.takeBatch(atMost: remaining) }
            remaining -= batch.count
            do throws(StoreError) {
                let result = try database.append(batch)
                memory.withLock { $0.buffer.batchStored(result) }
                report(.writing)
            } catch {
                let retry = memory.withLock { $0.buffer.batchFailed() }
                report(.failing(error))
                carryOut(retry)
                return .failure(error)
            }
        }
        carryOut(memory.withLock { $0.buffer.end() })
        return .success(())
    }

    private func report(_ state: WriterState) {
        let isNews = memory.withLock { memory in
            defer { memory.state = state }
            return switch (memory.state, state) {
            case (.writing, .writing), (.failing, .failing): false
            default: true
            }
        }
        if isNews { stateChanged(state) }
    }
}
