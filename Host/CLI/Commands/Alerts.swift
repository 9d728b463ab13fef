import ArgumentParser
import HostAPI

/// `hostctl alerts`
struct Alerts: HostCommand {
    static let configuration = CommandConfiguration(abstract: "Problems that a person should know.")

    @Flag(help: "Also those whose cause is gone.")
    var all = false

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        output.list(try await host.alerts(includingCleared: all), empty: all ? "No alerts." : "No open alerts.")
    }
}

extension AlertSeverity {
    var cell: Cell {
        switch self {
        case .warning: Cell("▲ warning", .caution)
        case .error: Cell("✗ error", .bad)
        case .critical: Cell("✗ critical", .bad)
        }
    }
}

extension Alert: Listable {
    static let columns: [Column<Alert>] = [
        Column("SEVERITY") { $0.cleared == nil ? $0.severity.cell : Cell("○ cleared", .dim) },
        Column("SOURCE") { Cell($0.source, .bold) },
        Column("KEY", isWide: true) { Cell($0.key) },
        Column("SINCE") { $1.cell($0.firstSeen) },
        Column("LAST") { $1.cell($0.lastSeen) },
        Column("COUNT") { Cell("\($0.count)") },
        Column("CLEARED", isWide: true) { $1.cell($0.cleared) },
        Column("TITLE") { Cell($0.title) },
        Column("DETAIL", isWide: true) { Cell($0.detail) },
    ]

    var listName: String { "\(source)/\(key)" }
}
