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

/// A command that needs no host.
protocol LocalCommand: ParsableCommand {
    var options: GlobalOptions { get }

    func run(_ output: Output) throws(Failure)
}
