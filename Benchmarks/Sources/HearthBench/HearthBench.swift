import ArgumentParser

/// The measurements that have to be taken from inside the host's modules. Each prints one line of JSON.
@main
struct HearthBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hearth-bench",
        abstract: "Measures parts of the host; Benchmarks/run calls it.",
        subcommands: [RoundTrip.self, Start.self, History.self]
    )
}
