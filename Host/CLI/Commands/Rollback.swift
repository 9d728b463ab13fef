import ArgumentParser
import HostAPI

/// `hostctl rollback ID`
struct Rollback: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go back to the version before the active one; once more goes forward again."
    )

    @Argument(help: "The plugin's id.", completion: .pluginIDs, transform: nonEmpty)
    var id: String

    @OptionGroup var change: ChangeOptions

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        try await ChangeRun(host, output, change).print(ChangeRequest(kind: .rollback, plugin: id))
    }
}
