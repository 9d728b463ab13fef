import ArgumentParser
import HostAPI

/// `hostctl devices [PLUGIN]`
struct Devices: HostCommand {
    static let configuration = CommandConfiguration(abstract: "All devices, or those of one plugin.")

    @Argument(help: "A plugin's id.", completion: .pluginIDs, transform: nonEmpty)
    var plugin: String?

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let whose = plugin.map { "\($0) knows" } ?? "The plugins know"
        output.list(try await host.devices(ofPlugin: plugin), empty: "\(whose) no devices yet.")
    }
}

extension Availability {
    var cell: Cell {
        switch self {
        case .online: Cell("● online", .good)
        case .offline: Cell("✗ offline", .bad)
        case .unknown: Cell("? unknown", .dim)
        }
    }
}

extension Device: Listable {
    static let columns: [Column<Device>] = [
        Column("DEVICE") { Cell($0.listName, .bold) },
        Column("NAME") { Cell($0.name) },
        Column("KIND") { Cell($0.kind) },
        Column("STATE") { $0.availability.cell },
        Column("ID", isWide: true) { Cell($0.id) },
        Column("MODEL", isWide: true) { Cell($0.model) },
        Column("ADDRESS", isWide: true) { Cell($0.address) },
        Column("FIRMWARE", isWide: true) { Cell($0.firmware) },
        Column("PARENT", isWide: true) { Cell($0.parent) },
        Column("COMMANDS", isWide: true) { Cell($0.commands.map(\.name).joined(separator: " ")) },
        Column("LATEST") { Cell($0.latestText) },
    ]

    /// What `call` understands.
    var listName: String { "\(plugin)/\(handle.isEmpty ? id : handle)" }

    /// Why it does not answer; else its newest readings.
    private var latestText: String {
        guard reason.isEmpty else { return reason }
        return latest.map { "\($0.series.entity)=\($0.reading.value.text(unit: $0.unit))" }.joined(separator: ", ")
    }
}
