internal import GRDB
package import HostAPI

extension HistoryDatabase {
    /// The readings with `since` <= time < `until`, oldest first; at most `limit` (1 to 100,000) of them,
    /// the newest.
    ///
    /// - Returns: Nil if there is no such series.
    package func readings(
        _ series: SeriesName,
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        limit: Int
    ) throws(StoreError) -> ReadingsPage? {
        let limit = Self.pageLimit(limit)
        return try read("read \(series)") { database in
            let found = try Row.fetchOne(
                database,
                sql: "SELECT id, unit FROM series WHERE plugin = ? AND device = ? AND entity = ?",
                arguments: [series.plugin, series.device, series.entity]
            )
            guard let found else { return nil }
            let number: Int64 = found["id"]
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT time_ms, value, flags FROM readings
                    WHERE series_id = ? AND time_ms >= ? AND time_ms < ? ORDER BY time_ms DESC LIMIT ?
                    """,
                arguments: [number, since?.milliseconds ?? .min, until?.milliseconds ?? .max, limit + 1]
            )
            var readings: [Reading] = []
            while let row = try rows.next() {
                readings.append(Reading(time: row[0], value: row[1], flags: row[2]))
            }
            let isTruncated = readings.count > limit
            if isTruncated { readings.removeLast() }
            return ReadingsPage(
                series: series,
                unit: found["unit"],
                readings: readings.reversed(),
                isTruncated: isTruncated
            )
        }
    }

    /// The nearest limit that is allowed.
    static func pageLimit(_ limit: Int) -> Int { min(max(limit, 1), 100_000) }

    /// The newest reading of every series, by name. One seek for each series.
    package func latest() throws(StoreError) -> [LatestReading] {
        try read("read the latest values") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT plugin, device, entity, unit, time_ms, value, flags FROM series
                    JOIN readings ON series_id = id
                        AND time_ms = (SELECT max(time_ms) FROM readings WHERE series_id = id)
                    ORDER BY plugin, device, entity
                    """
            ).map { row in
                LatestReading(
                    series: SeriesName(row),
                    unit: row["unit"],
                    reading: Reading(time: row["time_ms"], value: row["value"], flags: row["flags"])
                )
            }
        }
    }

    /// Every series, by name.
    package func series() throws(StoreError) -> [StoredSeries] {
        try read("read the series") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM series ORDER BY plugin, device, entity").map { row in
                StoredSeries(name: SeriesName(row), unit: row["unit"], kind: row["kind"])
            }
        }
    }
}

extension SeriesName {
    fileprivate init(_ row: Row) {
        self.init(plugin: row["plugin"], device: row["device"], entity: row["entity"])
    }
}
