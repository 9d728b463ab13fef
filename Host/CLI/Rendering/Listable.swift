import HostAPI

/// One column of a table of `Row`s.
struct Column<Row>: Sendable {
    let header: String
    /// Only shown with `-o wide`.
    let isWide: Bool
    let cell: @Sendable (Row, Moments) -> Cell

    init(_ header: String, isWide: Bool = false, _ cell: @escaping @Sendable (Row, Moments) -> Cell) {
        self.header = header
        self.isWide = isWide
        self.cell = cell
    }

    init(_ header: String, isWide: Bool = false, _ cell: @escaping @Sendable (Row) -> Cell) {
        self.init(header, isWide: isWide) { row, _ in cell(row) }
    }
}

/// What can be listed: says once how, and has every output format for it.
protocol Listable: Encodable, Sendable {
    static var columns: [Column<Self>] { get }
    /// What `-o name` prints: what a user types to mean this one.
    var listName: String { get }
}

extension Listable {
    static func table(_ items: [Self], _ moments: Moments, isWide: Bool) -> Table {
        let shown = columns.filter { isWide || !$0.isWide }
        return Table(
            headers: shown.map(\.header),
            rows: items.map { item in shown.map { $0.cell(item, moments) } }
        )
    }
}

/// How moments are written: as an age, or as they are.
struct Moments: Sendable {
    var now: Timestamp
    var isAbsolute = false

    /// `3m`, or `2026-03-01T09:30:00.250Z`.
    func text(_ moment: Timestamp) -> String {
        isAbsolute ? moment.description : Quantity.age(now - moment)
    }

    func cell(_ moment: Timestamp?) -> Cell {
        moment.map { Cell(text($0)) } ?? Cell("-", .dim)
    }

    /// For a sentence: "for 3m", "since 2026-03-01T09:30:00.250Z".
    func duration(since moment: Timestamp) -> String {
        isAbsolute ? "since \(moment)" : "for \(text(moment))"
    }

    /// For a column of moments: "3m ago", "2026-03-01T09:30:00.250Z".
    func when(_ moment: Timestamp) -> String {
        isAbsolute ? moment.description : "\(text(moment)) ago"
    }

    /// For a sentence: "3m ago", "at 2026-03-01T09:30:00.250Z".
    func phrase(_ moment: Timestamp) -> String {
        isAbsolute ? "at \(moment)" : "\(text(moment)) ago"
    }
}
