import ArgumentParser
import HostAPI

/// The command line of Hearth.
struct Hostctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hostctl",
        abstract: "Ask and steer the plugin host of this home.",
        discussion: """
            The host is found by itself: --root, else HEARTH_ROOT, else the one that runs in a usual place. \
            Data goes to standard output, messages to standard error. `hostctl help exit-codes` lists the exit codes.
            """,
        version: hearthVersion,
        subcommands: [ExitCodes.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Look",
                subcommands: [
                    Status.self, List.self, Show.self, Devices.self, Readings.self, Logs.self, Events.self, Alerts.self,
                    Top.self,
                ]
            ),
            CommandGroup(
                name: "Act",
                subcommands: [
                    Call.self, Start.self, Stop.self, Restart.self, Enable.self, Disable.self, Settings.self,
                    Quarantine.self,
                ]
            ),
            CommandGroup(
                name: "Install",
                subcommands: [
                    Search.self, Install.self, Upgrade.self, Rollback.self, Pin.self, Unpin.self, Uninstall.self,
                    Link.self, Unlink.self, PluginTools.self,
                ]
            ),
            CommandGroup(
                name: "Changes and desired state",
                subcommands: [
                    Changes.self, ShowChange.self, Watch.self, Abort.self, Reconcile.self, Diff.self, Apply.self,
                    Export.self,
                ]
            ),
            CommandGroup(name: "This program", subcommands: [Completion.self, Version.self]),
        ]
    )

    // Read here too, so that they are understood before the name of the command.
    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions
}

/// A command that asks the host.
protocol HostCommand: AsyncParsableCommand {
    var options: GlobalOptions { get }

    func run(_ host: some Host, _ output: Output) async throws(Failure)
}

extension HostCommand {
    /// Runs the command; its status is that all went well unless it is one that finds something.
    func answer(_ host: some Host, _ output: Output) async throws(Failure) -> ExitStatus {
        if let command = self as? any FindingCommand { return try await command.find(host, output) }
        try await run(host, output)
        return .ok
    }
}

/// A command whose exit status tells what it has found.
protocol FindingCommand: HostCommand {
    func find(_ host: some Host, _ output: Output) async throws(Failure) -> ExitStatus
}

extension FindingCommand {
    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        _ = try await find(host, output)
    }
}

/// A command that needs no host.
protocol LocalCommand: ParsableCommand {
    var options: GlobalOptions { get }

    func run(_ output: Output) throws(Failure)
}
