import ArgumentParser

/// The options that every command has, before or after its name.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The host's root directory; else HEARTH_ROOT, else where one runs.", valueName: "directory"),
        completion: .directory
    )
    var root: String?

    @Option(name: [.customShort("o", allowingJoined: true), .long], help: "How to print data.")
    var output: OutputFormat = .table

    @Flag(help: "No colours. NO_COLOR and TERM=dumb do the same.")
    var noColor = false

    @Flag(help: "Print times as RFC 3339 instead of ages.")
    var absTime = false

    @Flag(name: .shortAndLong, help: "No messages, only data, warnings and errors.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say what is asked of the host, and how long it took.")
    var verbose = false
}

/// How data is printed.
enum OutputFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
    case table
    /// A table with more columns.
    case wide
    case json
    case yaml
    /// One name a line, for scripts.
    case name

    var isForPeople: Bool { self == .table || self == .wide }
}
