import ArgumentParser
import HostAPI

/// `hostctl link DIR`
struct Link: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a plugin from your own directory, and take up each new build.",
        discussion: "The directory has plugin.yaml and the built .so. `hostctl unlink ID` ends it."
    )

    @Argument(help: "The plugin's directory.", completion: .directory, transform: nonEmpty)
    var directory: String

    @OptionGroup var change: ChangeOptions
    @OptionGroup var consent: ConsentOptions

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let request = ChangeRequest(kind: .link, source: try LocalPath.absolute(directory))
        try await ChangeRun(host, output, change, consent).print(request)
    }
}

/// `hostctl unlink ID`
struct Unlink: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop following a directory. Your files there stay as they are."
    )

    @Argument(help: "The plugin's id.", completion: .pluginIDs, transform: nonEmpty)
    var id: String

    @OptionGroup var change: ChangeOptions

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        try await ChangeRun(host, output, change).print(ChangeRequest(kind: .unlink, plugin: id))
    }
}
