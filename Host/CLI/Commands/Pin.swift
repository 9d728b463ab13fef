import ArgumentParser
import HostAPI

/// `hostctl pin ID`
struct Pin: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Keep a plugin at its version: only `install --version` and `rollback` replace it."
    )

    @Argument(help: "The plugin's id.", completion: .pluginIDs, transform: nonEmpty)
    var id: String

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        try await ChangeRun(host: host, output: output).print(ChangeRequest(kind: .pin, plugin: id))
    }
}

/// `hostctl unpin ID`
struct Unpin: HostCommand {
    static let configuration = CommandConfiguration(abstract: "Let a pinned plugin be upgraded again.")

    @Argument(help: "The plugin's id.", completion: .pluginIDs, transform: nonEmpty)
    var id: String

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        try await ChangeRun(host: host, output: output).print(ChangeRequest(kind: .unpin, plugin: id))
    }
}
