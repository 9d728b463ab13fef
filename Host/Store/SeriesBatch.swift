internal import GRDB
internal import HostAPI

/// What the file says of a series.
struct KnownSeries: Sendable, Equatable {
    var number: Int64
    var unit: String
    var kind: String
}

/// The series of one batch of readings: gives each its number and stores what is new about it.
struct SeriesBatch {
    private let database: Database
    private let known: [SeriesName: KnownSeries]
    /// Valid once the transaction is.
    private(set) var changed: [SeriesName: KnownSeries] = [:]

    init(_ database: Database, known: [SeriesName: KnownSeries]) {
        self.database = database
        self.known = known
    }

    mutating func number(of reading: StoredReading) throws -> Int64 {
        let series = (changed.isEmpty ? nil : changed[reading.series]) ?? known[reading.series]
        let kind = reading.reading.value.kind
        if let series, series.unit == reading.unit, kind == nil || kind == series.kind { return series.number }
        return try store(reading, kind: kind)
    }

    /// A value that is not known leaves the kind of its series as it is.
    private mutating func store(_ reading: StoredReading, kind: String?) throws -> Int64 {
        let name = reading.series
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    INSERT INTO series (plugin, device, entity, unit, kind)
                    VALUES (?1, ?2, ?3, ?4, coalesce(?5, 'unknown'))
                    ON CONFLICT (plugin, device, entity) DO UPDATE SET unit = ?4, kind = coalesce(?5, kind)
                    RETURNING id, unit, kind
                    """
            ),
            arguments: [name.plugin, name.device, name.entity, reading.unit, kind]
        )
        guard let row else { throw DatabaseError(message: "the series \(name) was not stored") }
        let series = KnownSeries(number: row["id"], unit: row["unit"], kind: row["kind"])
        changed[name] = series
        return series.number
    }
}
