import ArgumentParser
import HostAPI
import Store

/// `hearth-bench history`: readings into history.db, against SQLite with nothing around it.
struct History: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Readings stored a second, ours and bare SQLite's.")

    @Option(help: "An existing directory for the databases.")
    var scratch: String

    @Option(help: "How many readings are stored in each round.")
    var rows = 100_000

    @Option(help: "How many rounds.")
    var rounds = 5

    /// As many as fit into one transaction of the host's writer.
    private static let batch = 4_096
    private static let seriesCount = 4_000

    func run() throws {
        let readings = (0..<rows).map(Self.reading)
        var bare: [Stopwatch.Laps] = []
        var ours: [Stopwatch.Laps] = []
        for round in 0..<rounds {
            bare.append(try storeBare("\(scratch)/bare-\(round).db"))
            ours.append(try storeOurs(readings, "\(scratch)/ours-\(round).db"))
        }
        print("{\"rows\": \(rows), \"bare\": \(Stopwatch.json(bare)), \"ours\": \(Stopwatch.json(ours))}")
    }

    /// Round after round of all series, as devices are polled; negative ones are from before.
    private static func reading(_ index: Int) -> StoredReading {
        let series = series(index)
        let device = "8006A0F2C1B34D5E6F708192A3B4C5D6E7F8\(10_000 + series / 4)"
        let entity = ["power", "voltage", "current", "total"][Int(series % 4)]
        return StoredReading(
            series: SeriesName(plugin: "kasa", device: device, entity: entity),
            unit: "W",
            reading: Reading(time: Timestamp(milliseconds: time(index)), value: .number(value(index)))
        )
    }

    private static func series(_ index: Int) -> Int64 { Int64((index + seriesCount) % seriesCount) }
    private static func time(_ index: Int) -> Int64 {
        1_767_225_600_000 + Int64((index + seriesCount) / seriesCount) * 5_000
    }
    private static func value(_ index: Int) -> Double { Double(index) * 0.25 }

    /// Every series is known before: a host meets each of them once in its life.
    private func storeOurs(_ readings: [StoredReading], _ path: String) throws -> Stopwatch.Laps {
        let database = try HistoryDatabase(path: path)
        let first = (0..<Self.seriesCount).map { Self.reading($0 - Self.seriesCount) }
        try database.append(first)
        let watch = Stopwatch()
        for lower in stride(from: 0, to: rows, by: Self.batch) {
            try database.append(Array(readings[lower..<min(rows, lower + Self.batch)]))
        }
        let laps = watch.laps
        try database.close()
        return laps
    }

    private func storeBare(_ path: String) throws -> Stopwatch.Laps {
        let database = try BareSQLite(path: path)
        try store(-Self.seriesCount..<0, to: database)
        let watch = Stopwatch()
        for lower in stride(from: 0, to: rows, by: Self.batch) {
            try store(lower..<min(rows, lower + Self.batch), to: database)
        }
        return watch.laps
    }

    private func store(_ indices: Range<Int>, to database: BareSQLite) throws {
        try database.transaction {
            for index in indices {
                try database.insert(series: Self.series(index), time: Self.time(index), value: Self.value(index))
            }
        }
    }
}
