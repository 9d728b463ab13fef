internal import GRDB
internal import HostAPI

/// The series of one batch of readings: gives each its number and stores what the batch changes about it.
struct SeriesBatch {
    private struct Entry {
        var number: Int64
        var unit: String
        var newest: Reading
    }

    private let database: Database
    private let known: [SeriesName: Int64]
    private var entries: [SeriesName: Entry] = [:]
    /// Series whose numbers were not known before.
    private(set) var added: [SeriesName: Int64] = [:]

    init(_ database: Database, known: [SeriesName: Int64]) {
        self.database = database
        self.known = known
    }

    mutating func number(of reading: StoredReading) throws -> Int64 {
        if let index = entries.index(forKey: reading.series) {
            if reading.reading.time > entries.values[index].newest.time {
                entries.values[index].newest = reading.reading
                entries.values[index].unit = reading.unit
            }
            return entries.values[index].number
        }
        let number = try known[reading.series] ?? find(reading)
        entries[reading.series] = Entry(number: number, unit: reading.unit, newest: reading.reading)
        return number
    }

    /// Stores the newest reading of each series, unless a newer one is stored already.
    func storeLatest() throws {
        let update = try database.cachedStatement(
            sql: """
                UPDATE series SET
                    unit = ?2, kind = iif(?3 = 'unknown', kind, ?3),
                    latest_ms = ?4, latest_value = ?5, latest_flags = ?6
                WHERE id = ?1 AND latest_ms < ?4
                """
        )
        for entry in entries.values {
            try update.execute(arguments: [
                entry.number, entry.unit, entry.newest.value.kind,
                entry.newest.time.milliseconds, entry.newest.value.databaseValue, entry.newest.flags,
            ])
        }
    }

    private mutating func find(_ reading: StoredReading) throws -> Int64 {
        let series = reading.series
        try database.cachedStatement(
            sql: """
                INSERT INTO series (plugin, device, entity, unit, kind, latest_ms, latest_value, latest_flags)
                VALUES (?, ?, ?, ?, ?, ?, NULL, 0) ON CONFLICT DO NOTHING
                """
        ).execute(arguments: [series.plugin, series.device, series.entity, reading.unit, "unknown", Int64.min])
        let number = try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT id FROM series WHERE plugin = ? AND device = ? AND entity = ?"),
            arguments: [series.plugin, series.device, series.entity]
        )
        guard let number else { throw DatabaseError(message: "the series \(series) was not stored") }
        added[series] = number
        return number
    }
}
