import ArgumentParser
import HostAPI

/// `hostctl list`
struct List: HostCommand {
    static let configuration = CommandConfiguration(abstract: "All plugins.")

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        output.list(
            try await host.plugins(),
            empty: """
                No plugins. `hostctl search` lists those of the registry; `hostctl install` brings one in, and so does a \
                copy in plugins.d/ of the root.
                """
        )
    }
}

extension PluginSummary: Listable {
    static let columns: [Column<PluginSummary>] = [
        Column("ID") { Cell($0.id, .bold) },
        Column("NAME", isWide: true) { Cell($0.name) },
        Column("STATE") { $0.state.cell },
        Column("OUTCOME", isWide: true) { Cell($0.outcome.rawValue, $0.outcome == .ok ? .none : .bad) },
        Column("VERSION") { Cell($0.isPinned ? "\($0.version) (pinned)" : $0.version) },
        Column("ORIGIN", isWide: true) { Cell($0.origin.isEmpty ? "-" : $0.origin) },
        Column("UP") { $1.cell($0.runningSince) },
        Column("DEVICES") { Cell("\($0.devices)") },
        Column("RESTARTS") { Cell("\($0.restarts)", $0.restarts > 0 ? .caution : .none) },
        Column("PID", isWide: true) { Cell($0.processID) },
        Column("ISOLATION", isWide: true) { Cell($0.isolation) },
        Column("MESSAGE") { Cell($0.message) },
    ]

    var listName: String { id }
}
