import ArgumentParser
import HostAPI

/// `hostctl events [-f]`
struct Events: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "What happened in the host lately.",
        discussion: "Without -f: all that the host remembers. With -f: what happens from now on, until Ctrl-C."
    )

    @Flag(name: .shortAndLong, help: "Print new events as they come, until Ctrl-C.")
    var follow = false

    @Option(help: "Only those after this number; with -f, remembered ones first.")
    var after: UInt64?

    @Option(help: "Only this kind, or all that begin so: reading, plugin, plugin.state. May be given several times.")
    var kind: [String] = []

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        if follow {
            try await host.events(after: after).each { event in
                if isWanted(event) { output.event(event) }
                return true
            }
            throw .hostHasGone
        }
        // The stream never ends by itself: the newest number says where to stop.
        let last = try await host.status().lastEvent
        let first = after ?? 0
        guard last > first else { return output.say("Nothing has happened since.") }
        try await host.events(after: first).each { event in
            guard event.number <= last else { return false }
            if isWanted(event) { output.event(event) }
            return event.number < last
        }
    }

    private func isWanted(_ event: Event) -> Bool {
        kind.isEmpty || kind.contains { event.kind == $0 || event.kind.hasPrefix("\($0).") }
    }
}

extension Output {
    fileprivate func event(_ event: Event) {
        element(event, name: String(event.number)) {
            [
                Cell(event.time.description, .dim),
                Cell(event.kind, .bold),
                Cell(event.plugin),
                Cell(event.message),
            ]
        }
    }
}
