import ArgumentParser
import HostAPI

/// `hostctl logs ID [-f]`
struct Logs: HostCommand {
    static let configuration = CommandConfiguration(abstract: "What a plugin has logged.")

    @Argument(help: "The plugin's id.", completion: .pluginIDs, transform: nonEmpty)
    var id: String

    @Flag(name: .shortAndLong, help: "Go on with new lines as they come, until Ctrl-C.")
    var follow = false

    @Option(help: "Not before: 10m, 2h, 7d, or an RFC 3339 time.", transform: Moment.init(argument:))
    var since: Moment?

    @Option(help: "The lowest level: debug, info, warning, error, critical.")
    var level: LogLevel = .debug

    @Option(name: [.customShort("n", allowingJoined: true), .long], help: "At most this many old lines: 0 to 10000.")
    var limit = 200

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func validate() throws {
        guard (0...10_000).contains(limit) else { throw ValidationError("-n is 0 to 10000.") }
    }

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let lines = try await host.logs(
            LogQuery(
                plugin: id,
                since: since?.timestamp(now: output.clock()),
                level: level,
                limit: limit,
                follows: follow
            )
        )
        var isEmpty = true
        try await lines.each { line in
            isEmpty = false
            output.element(line, name: line.message) { line.cells }
            return true
        }
        if follow { throw .hostHasGone }
        if isEmpty, output.format.isForPeople { output.say("\(id) has logged nothing of that kind.") }
    }
}

extension LogLevel: ExpressibleByArgument {}

extension LogLine {
    /// Time, level, message, fields. Times of a log are never ages: lines are compared with other logs.
    var cells: [Cell] {
        let emphasis: Emphasis =
            switch level {
            case .debug: .dim
            case .info: .none
            case .warning: .caution
            case .error, .critical: .bad
            }
        let pairs = (fields?.objectValue ?? [:]).sorted { $0.key < $1.key }
            .map { "\($0)=\($1.stringValue ?? $1.text)" }
        return [
            Cell(time.description, .dim),
            Cell(level.rawValue + String(repeating: " ", count: max(0, 8 - level.rawValue.count)), emphasis),
            source == "plugin" ? "" : Cell("[\(source)]", .dim),
            Cell(message),
            Cell(pairs.joined(separator: " "), .dim),
        ]
    }
}
