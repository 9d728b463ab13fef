import ArgumentParser
import Runtime

/// `hearth-bench start`: from spawning a worker to the answer to START.
struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start of a worker until its plugin is ready, in microseconds."
    )

    @OptionGroup var options: WorkerOptions

    @Option(help: "How often it is started.")
    var count = 30

    func run() async throws {
        let reactor = try Reactor()
        var durations: [Duration] = []
        for _ in 0..<count {
            let driver = WorkerDriver(options.plan, reactor: reactor)
            durations.append(try await driver.start())
            await driver.end()
        }
        print(Sample(durations).json)
    }
}
