import ArgumentParser
import Client
import HostAPI

/// What a program gets from the system that runs it.
package struct Surroundings: Sendable {
    package var environment: @Sendable (String) -> String?
    package var isTerminal: Bool
    package var terminalWidth: Int?
    package var data: @Sendable (String) -> Void
    package var messages: @Sendable (String) -> Void
    /// Columns of the terminal that messages go to; nil if they go elsewhere.
    package var messageWidth: Int?
    /// Reads a line that the user types; nil where nobody can be asked.
    package var ask: (@Sendable () -> String?)?
    /// Sets what is said when Ctrl-C ends the program; nil: nothing.
    package var sayOnInterrupt: @Sendable (String?) -> Void

    package init(
        environment: @escaping @Sendable (String) -> String?,
        isTerminal: Bool,
        terminalWidth: Int?,
        data: @escaping @Sendable (String) -> Void,
        messages: @escaping @Sendable (String) -> Void,
        messageWidth: Int? = nil,
        ask: (@Sendable () -> String?)? = nil,
        sayOnInterrupt: @escaping @Sendable (String?) -> Void = { _ in }
    ) {
        self.environment = environment
        self.isTerminal = isTerminal
        self.terminalWidth = terminalWidth
        self.data = data
        self.messages = messages
        self.messageWidth = messageWidth
        self.ask = ask
        self.sayOnInterrupt = sayOnInterrupt
    }
}

/// Runs `hostctl` with the arguments after the program's name.
///
/// - Returns: the status to exit with: one of `ExitStatus`.
package func runHostctl(_ arguments: [String], in surroundings: Surroundings) async -> Int32 {
    // `help` belongs to the argument parser and knows commands only; the exit codes are a topic.
    let arguments = arguments == ["help", "exit-codes"] ? ["exit-codes"] : arguments
    let command: any ParsableCommand
    do {
        command = try await Hostctl.asyncParseAsRoot(arguments)
    } catch {
        return explain(error, arguments, in: surroundings)
    }
    let output = Output(options: command.globalOptions, in: surroundings)
    do {
        return try await carryOut(command, output, in: surroundings).rawValue
    } catch let failure as Failure {
        output.report(failure)
        return failure.code.exitStatus.rawValue
    } catch {
        return explain(error, arguments, in: surroundings)
    }
}

private func carryOut(
    _ command: any ParsableCommand,
    _ output: Output,
    in surroundings: Surroundings
) async throws -> ExitStatus {
    switch command {
    case let command as any HostCommand:
        let root = try RootDiscovery(environment: surroundings.environment).root(command.options.root)
        let isVerbose = command.options.verbose
        if isVerbose { output.say("host: \(root.path.text)") }
        let host = HTTPHost(socketPath: root.path) { line in
            if isVerbose { output.say(line) }
        }
        return try await command.answer(host, output)
    case let command as any LocalCommand:
        try command.run(output)
        return .ok
    default:
        // The parser's own `help` and a group of commands alone end by throwing their help; `plugin` becomes another
        // program, or throws why not.
        var command = command
        try command.run()
        return .ok
    }
}

/// Help and versions that were asked for are data; all else is wrong usage.
private func explain(_ error: any Error, _ arguments: [String], in surroundings: Surroundings) -> Int32 {
    let message = Hostctl.fullMessage(for: error)
    if Hostctl.exitCode(for: error).isSuccess {
        surroundings.data(message + "\n")
        return ExitStatus.ok.rawValue
    }
    if let unknown = unknownCommand(in: arguments) {
        surroundings.messages("hostctl: There is no command \"\(harmless(unknown.word.excerpt))\".\n")
        let names = unknown.known
        let hint = Suggestion.nearest(to: unknown.word, among: names).map { "Did you mean \"\($0)\"? " } ?? ""
        surroundings.messages("  \(hint)`hostctl help` lists all.\n")
    } else {
        surroundings.messages(brief(message).map { $0 + "\n" }.joined())
    }
    return ExitStatus.usage.rawValue
}

/// The first word that should name a command and does not.
private func unknownCommand(in arguments: [String]) -> (word: String, known: [String])? {
    let takingValue = ["--root", "-o", "--output"]
    var words: [String] = []
    var skipsNext = false
    for argument in arguments {
        if skipsNext {
            skipsNext = false
        } else if argument.hasPrefix("-") {
            skipsNext = takingValue.contains(argument)
        } else {
            words.append(argument)
        }
    }
    var commands = Hostctl.configuration.allSubcommands
    for word in words {
        guard !commands.isEmpty else { return nil }
        guard let command = commands.first(where: { $0._commandName == word }) else {
            return word == "help" ? nil : (word, commands.map { $0._commandName })
        }
        commands = command.configuration.allSubcommands
    }
    return nil
}

extension CommandConfiguration {
    fileprivate var allSubcommands: [any ParsableCommand.Type] {
        ungroupedSubcommands + groupedSubcommands.flatMap(\.subcommands)
    }
}

extension ParsableCommand {
    fileprivate var globalOptions: GlobalOptions? {
        (self as? any HostCommand)?.options ?? (self as? any LocalCommand)?.options
    }
}

extension Output {
    fileprivate init(options: GlobalOptions?, in surroundings: Surroundings) {
        let isDumb = surroundings.environment("TERM") == "dumb"
        let isPlain =
            options?.noColor == true || isDumb || !(surroundings.environment("NO_COLOR") ?? "").isEmpty
        self.init(
            format: options?.output ?? .table,
            isColoured: surroundings.isTerminal && !isPlain,
            width: surroundings.isTerminal ? surroundings.terminalWidth ?? 80 : nil,
            isAbsolute: options?.absTime ?? false,
            isQuiet: options?.quiet ?? false,
            messageTerminal: isDumb
                ? nil : surroundings.messageWidth.map { MessageTerminal(width: $0, isColoured: !isPlain) },
            ask: surroundings.ask,
            sayOnInterrupt: surroundings.sayOnInterrupt,
            data: surroundings.data,
            messages: surroundings.messages
        )
    }
}
