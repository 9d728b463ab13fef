internal import GRDB
internal import HostAPI
internal import Synchronization

extension HistoryDatabase {
    /// Stores all readings in one transaction.
    @discardableResult
    package func append(_ readings: [StoredReading]) throws(StoreError) -> AppendResult {
        guard !readings.isEmpty else { return AppendResult(stored: 0, duplicates: 0) }
        let known = seriesNumbers.withLock { $0 }
        let (result, added) = try write("store \(readings.count) readings") { database in
            var batch = SeriesBatch(database, known: known)
            let insertion = try database.cachedStatement(
                sql: """
                    INSERT INTO readings (series_id, time_ms, value, flags) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """
            )
            let numbers = try readings.map { reading in try batch.number(of: reading) }
            let before = database.totalChangesCount
            for (number, reading) in zip(numbers, readings) {
                try insertion.execute(arguments: [
                    number, reading.reading.time.milliseconds, reading.reading.value.databaseValue,
                    reading.reading.flags,
                ])
            }
            let stored = database.totalChangesCount - before
            try batch.storeLatest()
            return (AppendResult(stored: stored, duplicates: readings.count - stored), batch.added)
        }
        if !added.isEmpty {
            seriesNumbers.withLock { numbers in numbers.merge(added) { _, new in new } }
        }
        return result
    }
}
