import ArgumentParser
import HostAPI

/// `hostctl readings [SERIES]`
struct Readings: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "The readings of one series, or the newest of all.",
        discussion: "A series is PLUGIN/DEVICE/ENTITY, the device by handle, id or name: kasa/desk-lamp/power"
    )

    @Argument(help: "A series; without it all are listed.", transform: nonEmpty)
    var series: String?

    @Option(help: "Not before: 10m, 2h, 7d, or an RFC 3339 time.", transform: Moment.init(argument:))
    var since: Moment?

    @Option(help: "Before.", transform: Moment.init(argument:))
    var until: Moment?

    @Option(
        name: [.customShort("n", allowingJoined: true), .long],
        help: "At most this many, the newest: 1 to 100000."
    )
    var limit = 1_000

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit is 1 to 100000.") }
        guard series != nil || (since == nil && until == nil) else {
            throw ValidationError("--since and --until need a series: `hostctl readings` lists them.")
        }
    }

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        guard let series else {
            let devices = try await host.devices(ofPlugin: nil)
            let handles = Dictionary(devices.map { ("\($0.plugin)/\($0.id)", $0.handle) }) { first, _ in first }
            let rows = try await host.latestReadings().map { latest in
                SeriesRow(latest: latest, handle: handles["\(latest.series.plugin)/\(latest.series.device)"])
            }
            return output.list(rows, empty: "No readings yet.")
        }
        let now = output.clock()
        let page = try await host.readings(
            ReadingsQuery(
                series: series,
                since: since?.timestamp(now: now),
                until: until?.timestamp(now: now),
                limit: limit
            )
        )
        output.readings(page)
        if page.isTruncated, output.format.isForPeople {
            output.say("These are the newest \(page.readings.count); there are more: --limit, --since and --until.")
        }
    }
}

extension Output {
    /// Prints the readings of one series.
    func readings(_ page: ReadingsPage) {
        switch format {
        case .json, .yaml: document(ReadingsDocument(page))
        case .table, .wide, .name:
            list(page.readings.map { UnitReading(reading: $0, unit: page.unit) }, empty: "No readings in that time.")
        }
    }
}

/// A page with its readings as `items`, like every list.
private struct ReadingsDocument: Encodable {
    let series: SeriesName
    let unit: String
    let isTruncated: Bool
    let items: [Reading]

    init(_ page: ReadingsPage) {
        series = page.series
        unit = page.unit
        isTruncated = page.isTruncated
        items = page.readings
    }
}

/// A reading with the unit of its series.
struct UnitReading: Listable {
    var reading: Reading
    var unit: String

    static let columns: [Column<UnitReading>] = [
        Column("TIME") { Cell($1.when($0.reading.time)) },
        Column("VALUE") { $0.reading.cell(unit: $0.unit) },
    ]

    var listName: String { reading.time.description }
}

/// A series in the list of all: people see its device's handle, programs get the series as it is.
struct SeriesRow: Listable {
    var latest: LatestReading
    /// Nil if the device is gone.
    var handle: String?

    static let columns: [Column<SeriesRow>] = [
        Column("SERIES") { Cell($0.listName, .bold) },
        Column("VALUE") { $0.latest.reading.cell(unit: $0.latest.unit) },
        Column("TIME") { Cell($1.when($0.latest.reading.time)) },
        Column("DEVICE ID", isWide: true) { Cell($0.latest.series.device) },
    ]

    var listName: String {
        "\(latest.series.plugin)/\(handle ?? latest.series.device)/\(latest.series.entity)"
    }

    func encode(to encoder: any Encoder) throws {
        try latest.encode(to: encoder)
    }
}

extension Reading {
    func cell(unit: String) -> Cell {
        let text = value.text(unit: unit)
        if isAnomalous == true { return Cell("\(text) (implausible)", .caution) }
        return Cell(text, value == .unknown ? .dim : .none)
    }
}
