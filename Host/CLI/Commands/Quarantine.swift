import ArgumentParser
import HostAPI

/// `hostctl quarantine list|lift`
struct Quarantine: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Code that crashed or hung when it was tried.",
        subcommands: [QuarantineList.self, QuarantineLift.self]
    )
}

/// `hostctl quarantine list`
struct QuarantineList: HostCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "What is quarantined, and why.")

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        output.list(try await host.quarantine(), empty: "Nothing is quarantined.")
    }
}

/// `hostctl quarantine lift ID|HASH`
struct QuarantineLift: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "lift",
        abstract: "Let quarantined code be tried again."
    )

    @Argument(
        help: "A plugin's id, or at least 6 digits that the hash begins with.",
        completion: .pluginIDs,
        transform: nonEmpty
    )
    var which: String

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let lifted = try await host.liftQuarantine(which)
        guard output.format.isForPeople else { return output.list(lifted, empty: "") }
        for entry in lifted {
            output.say(
                "\(entry.plugin) \(entry.hash.prefix(12)) is not quarantined any more. "
                    + entry.advice(try? await host.plugin(entry.plugin).summary)
            )
        }
    }
}

extension QuarantineEntry {
    /// What happens next, or what to type.
    ///
    /// - Parameter summary: The plugin's, once it is lifted; nil if the host has none of that name.
    /// - Returns: One or two sentences.
    func advice(_ summary: PluginSummary?) -> String {
        guard let summary else {
            return "To try it, install it again: hostctl install FILE, or hostctl install \(plugin)"
        }
        if summary.state == .disabled { return "To try it: hostctl enable \(plugin)" }
        let isAtRest = [.stopped, .failed, .crashLooping, .quarantined].contains(summary.state)
        return !summary.origin.isEmpty && isAtRest
            ? "To try it: hostctl start \(plugin)"
            : "It is tried again by itself. To see how it is: hostctl show \(plugin)"
    }
}

extension QuarantineEntry: Listable {
    static let columns: [Column<QuarantineEntry>] = [
        Column("PLUGIN") { Cell($0.plugin, .bold) },
        Column("HASH") { Cell(String($0.hash.prefix(12))) },
        Column("SHA-256", isWide: true) { Cell($0.hash) },
        Column("SINCE") { $1.cell($0.since) },
        Column("REASON") { Cell($0.reason) },
    ]

    var listName: String { hash }
}
