import ArgumentParser
import HostAPI

/// `hostctl changes`
struct Changes: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "What was installed, removed and switched, and what is under way.",
        discussion: "`hostctl change N` shows the steps of one."
    )

    @Option(help: "Only those of this plugin.", completion: .pluginIDs, transform: nonEmpty)
    var plugin: String?

    @Option(name: [.customShort("n", allowingJoined: true), .long], help: "At most this many, the newest: 1 to 1000.")
    var limit = 50

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func validate() throws {
        guard (1...1_000).contains(limit) else { throw ValidationError("-n is 1 to 1000.") }
    }

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        output.list(
            try await host.changes(ChangesQuery(plugin: plugin, limit: limit)),
            empty: plugin.map { "Nothing of \($0) has been changed." } ?? "Nothing has been changed yet."
        )
    }
}

extension Change: Listable {
    static let columns: [Column<Change>] = [
        Column("CHANGE") { Cell("\($0.number)", .bold) },
        Column("STATE") { $0.state.cell },
        Column("PLUGIN", isWide: true) { Cell($0.plugin) },
        Column("KIND", isWide: true) { Cell($0.kind.rawValue) },
        Column("WHAT") { Cell($0.summary) },
        Column("BY") { Cell($0.author) },
        Column("BEGUN") { Cell($1.when($0.created)) },
        Column("ENDED", isWide: true) { $1.cell($0.ended) },
        Column("MESSAGE") { Cell($0.failure?.message ?? $0.message) },
    ]

    var listName: String { String(number) }
}
