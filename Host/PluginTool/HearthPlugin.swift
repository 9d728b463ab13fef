import ArgumentParser
import Glibc
import HostAPI

/// The tool for those who write plugins. `hostctl plugin` runs it.
struct HearthPlugin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hearth-plugin",
        abstract: "Makes, checks and packs plugins.",
        discussion: "docs/plugin-authors.md tells how to write one.",
        version: hearthVersion,
        subcommands: [NewCommand.self, CheckCommand.self, PackCommand.self]
    )
}

/// How a command ends early.
enum Ending {
    /// Tells the user what went wrong, and ends with that status.
    static func failed(_ failure: Failure, status: ExitStatus? = nil) -> ExitCode {
        let hint = failure.hint.map { "\n  \(harmless($0))" } ?? ""
        let text = Array("hearth-plugin: \(harmless(failure.message))\(hint)\n".utf8)
        write(STDERR_FILENO, text, text.count)
        return ExitCode((status ?? failure.code.exitStatus).rawValue)
    }
}
