import ArgumentParser
import Runtime

/// `hearth-bench round-trip`: PING and a COMMAND through the host's own channel to a real worker.
struct RoundTrip: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Round trips to a worker, in microseconds.")

    @OptionGroup var options: WorkerOptions

    @Option(help: "How many round trips of each kind.")
    var count = 20_000

    func run() async throws {
        let driver = WorkerDriver(options.plan, reactor: try Reactor())
        _ = try await driver.start()
        _ = try await driver.roundTrips(1_000) { .ping($0) }
        let pings = Sample(try await driver.roundTrips(count) { .ping($0) })
        let commands = Sample(
            try await driver.roundTrips(count) { operation in
                .command(
                    operation: operation,
                    timeoutMilliseconds: 10_000,
                    device: "",
                    name: "echo",
                    arguments: "{\"number\":1234567890,\"text\":\"as long as a command usually is\"}"
                )
            }
        )
        await driver.end()
        print("{\"ping\": \(pings.json), \"command\": \(commands.json)}")
    }
}
