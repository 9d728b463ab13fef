import ArgumentParser
import HostAPI

/// `hostctl top [-w]`
struct Top: HostCommand {
    static let configuration = CommandConfiguration(abstract: "What the host and each plugin cost.")

    @Flag(name: .shortAndLong, help: "Measure again and again, until Ctrl-C.")
    var watch = false

    @Option(help: "The time over which CPU is measured: default 1s.", transform: Duration.init(argument:))
    var interval: Duration?

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let clock = ContinuousClock()
        var before = try await host.resources()
        var start = clock.now
        repeat {
            do {
                try await clock.sleep(for: interval ?? .seconds(1))
            } catch {
                throw Failure(.cancelled, "Cancelled.")
            }
            let after = try await host.resources()
            let end = clock.now
            let costs = Cost.between(before, after, elapsed: end - start)
            // On a terminal each measurement takes the place of the one before (ECMA-48: cursor home, erase).
            if watch, output.width != nil, output.format.isForPeople { output.data("\u{1B}[H\u{1B}[2J") }
            output.list(costs, empty: "The host says nothing.")
            (before, start) = (after, end)
        } while watch
    }
}

/// What one process costs at present.
struct Cost: Listable {
    var usage: ResourceUsage
    /// Of one core, in percent; nil for a process that was not there before.
    var cpuPercent: Double?

    /// The costs at the second measurement; CPU is what was used between the two.
    static func between(_ before: [ResourceUsage], _ after: [ResourceUsage], elapsed: Duration) -> [Cost] {
        let earlier = Dictionary(before.map { ($0.processID, $0.cpuMilliseconds) }) { first, _ in first }
        let milliseconds = Double(max(elapsed.milliseconds, 1))
        return after.map { usage in
            let used = earlier[usage.processID].map { Double(usage.cpuMilliseconds - $0) }
            return Cost(usage: usage, cpuPercent: used.map { max($0, 0) * 100 / milliseconds })
        }
    }

    static let columns: [Column<Cost>] = [
        Column("NAME") { Cell($0.usage.name, .bold) },
        Column("PID") { Cell("\($0.usage.processID)") },
        Column("CPU") { Cell($0.cpuPercent.map { $0.text(places: 1) + " %" }) },
        Column("PRIVATE") { Cell(Quantity.bytes($0.usage.privateBytes)) },
        Column("PSS") { Cell(Quantity.bytes($0.usage.proportionalBytes)) },
        Column("CPU-TIME", isWide: true) { Cell(Quantity.age(.milliseconds($0.usage.cpuMilliseconds))) },
        Column("THREADS") { Cell("\($0.usage.threads)") },
        Column("FILES") { Cell("\($0.usage.descriptors)") },
        Column("RESTARTS") { Cell("\($0.usage.restarts)", $0.usage.restarts > 0 ? .caution : .none) },
    ]

    var listName: String { usage.name }

    private enum Key: String, CodingKey {
        case cpuPercent
    }

    func encode(to encoder: any Encoder) throws {
        try usage.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(cpuPercent, forKey: .cpuPercent)
    }
}
