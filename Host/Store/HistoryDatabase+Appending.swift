internal import GRDB
internal import HostAPI
internal import Synchronization

extension HistoryDatabase {
    /// Stores all readings in one transaction.
    @discardableResult
    package func append(_ readings: [StoredReading]) throws(StoreError) -> AppendResult {
        guard !readings.isEmpty else { return AppendResult(stored: 0, duplicates: 0) }
        let known = knownSeries.withLock { $0 }
        let (result, changed) = try write("store \(readings.count) readings") { database in
            var batch = SeriesBatch(database, known: known)
            let numbers = try readings.map { reading in try batch.number(of: reading) }
            let insertion = try ReadingInsertion(database)
            let before = database.totalChangesCount
            for (number, reading) in zip(numbers, readings) {
                try insertion.insert(reading.reading, series: number)
            }
            let stored = database.totalChangesCount - before
            return (AppendResult(stored: stored, duplicates: readings.count - stored), batch.changed)
        }
        // Not before the commit: a series that was rolled back has no number.
        if !changed.isEmpty {
            knownSeries.withLock { known in known.merge(changed) { _, new in new } }
        }
        return result
    }
}
