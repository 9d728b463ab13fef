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

    private static func reading(_ index: Int) -> StoredReading {
        let device = "8006A0F2C1B34D5E6F708192A3B4C5D6E7F8\(10_000 + index / 4 % (seriesCount / 4))"
        let entity = ["power", "voltage", "current", "total"][index % 4]
        return StoredReading(
            series: SeriesName(plugin: "kasa", device: device, entity: entity),
            unit: "W",
            reading: Reading(time: Timestamp(milliseconds: time(index)), value: .number(value(index)))
        )
    }

    private static func time(_ index: Int) -> Int64 { 1_767_225_600_000 + Int64(index / seriesCount) * 5_000 }
    private static func value(_ index: Int) -> Double { Double(index) * 0.25 }

    private func storeOurs(_ readings: [StoredReading], _ path: String) throws -> Stopwatch.Laps {
        let database = try HistoryDatabase(path: path)
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
        let watch = Stopwatch()
        for lower in stride(from: 0, to: rows, by: Self.batch) {
            try database.transaction {
                for index in lower..<min(rows, lower + Self.batch) {
                    let series = Int64(index % Self.seriesCount)
                    try database.insert(series: series, time: Self.time(index), value: Self.value(index))
                }
            }
        }
        return watch.laps
    }
}
