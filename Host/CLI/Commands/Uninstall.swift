import ArgumentParser
import HostAPI

/// `hostctl uninstall ID…`
struct Uninstall: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove plugins. Their settings and data stay unless you say --purge.",
        discussion: "What was removed does not come back by itself; `install` brings it back."
    )

    @Argument(help: "Plugins' ids.", completion: .pluginIDs, transform: nonEmpty)
    var ids: [String]

    @Flag(help: "Keep settings and data. This is what happens anyway.")
    var keepData = false

    @Flag(help: "Delete settings and data too, for good.")
    var purge = false

    @OptionGroup var change: ChangeOptions

    @Flag(name: .shortAndLong, help: "Purge without being asked.")
    var yes = false

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func validate() throws {
        if keepData, purge { throw ValidationError("--keep-data and --purge exclude each other.") }
    }

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        if purge, !yes, !change.dryRun { try confirm(output) }
        try await ChangeRun(host, output, change).printEach(ids) {
            ChangeRequest(kind: .uninstall, plugin: $0, isPurge: purge)
        }
    }

    private func confirm(_ output: Output) throws(Failure) {
        let names = ids.joined(separator: ", ")
        switch output.confirm("This deletes \(names) with all settings and data, for good. Go on?") {
        case true?: return
        case false?: throw Failure(.denied, "You did not say yes. Nothing was changed.")
        case nil:
            throw Failure(
                .denied,
                "--purge deletes the settings and data of \(names) for good, and nobody can be asked here.",
                hint: "To do it all the same, add -y."
            )
        }
    }
}
