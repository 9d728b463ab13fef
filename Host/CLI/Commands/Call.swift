import ArgumentParser
import HostAPI

/// `hostctl call ID[/DEVICE] COMMAND [key=value…]`
struct Call: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give a plugin, or one of its devices, a command.",
        discussion: """
            hostctl call kasa/desk-lamp turn-on
            hostctl call kasa/hall set-brightness brightness=40

            A value that is JSON is taken as such (40, true, [1,2]), any other as text; "40" in quotes is text too. \
            `hostctl show ID` lists a plugin's commands, `hostctl devices -o wide` those of devices.
            """
    )

    @Argument(
        help: "The plugin, or PLUGIN/DEVICE: the device by handle, id or name.",
        completion: .pluginIDs,
        transform: target(_:)
    )
    var target: String

    @Argument(help: "The command's name.", transform: nonEmpty)
    var command: String

    @Argument(help: ArgumentHelp("Its arguments.", valueName: "key=value"))
    var pairs: [String] = []

    @Option(help: ArgumentHelp("Its arguments as one JSON object; pairs win.", valueName: "json"))
    var arguments: String?

    @Option(help: "How long to wait: 500ms to 10m, default 30s.", transform: Duration.init(argument:))
    var timeout: Duration?

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func validate() throws {
        guard let timeout else { return }
        // Less is over before a device can have answered.
        guard (.milliseconds(500)...(.seconds(600))).contains(timeout) else {
            throw ValidationError("--timeout is 500ms to 10m.")
        }
    }

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let result = try await host.call(try request())
        switch output.format {
        case .table, .wide:
            let said = result.message.isEmpty ? "\(command): done" : "\(command): \(result.message)"
            output.say("\(said) (\(result.milliseconds.text(places: 1)) ms)")
            if result.result != .null, result.result != .object([:]) { output.data(result.result.yaml) }
        case .json, .yaml: output.document(result)
        case .name: output.data(escapingControls(result.result.text) + "\n")
        }
    }

    func request() throws(Failure) -> CommandRequest {
        let parts = target.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        return CommandRequest(
            plugin: String(parts[0]),
            device: parts.count == 2 ? String(parts[1]) : nil,
            command: command,
            arguments: try KeyValues(pairs, onTopOf: arguments).members,
            timeoutMilliseconds: timeout.map { Int($0.milliseconds) }
        )
    }
}
