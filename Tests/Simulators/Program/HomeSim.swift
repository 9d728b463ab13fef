import ArgumentParser
import HomeSimulator

/// The simulated home: Kasa devices on loopback that speak the real protocol, with faults to order.
@main
struct HomeSim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "homesim",
        abstract: "A simulated home: Kasa devices on loopback that speak the real protocol.",
        discussion: """
            'homesim run' starts a home and stays; the other commands look at it and give it trouble.

              homesim run
              homesim list
              homesim fault heater silence --for 30s
              homesim press desk-strip/monitor off
            """,
        subcommands: [Run.self, List.self, FaultCommand.self, Clear.self, Press.self, Move.self]
    )
}

/// How a command finds the running home.
struct ControlOptions: ParsableArguments {
    @Option(help: "The Unix socket on which a home takes orders (also HOMESIM_CONTROL).")
    var control: String = ControlServer.usualPath

    func send(_ order: JSON) async throws -> JSON {
        try await ControlClient(path: control).send(order)
    }
}
