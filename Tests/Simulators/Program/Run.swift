import ArgumentParser
@preconcurrency import Dispatch
import Glibc
import HomeSimulator

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start a home and run it until Ctrl-C.",
        discussion: """
            Prints one line that begins with 'ready' when every device answers. The home's devices have the addresses
            .1, .2 and so on of its network, TCP and UDP port 9999; discovery goes to the network's last address.
            """
    )

    enum Home: String, ExpressibleByArgument, CaseIterable {
        case small
        case demo
        case models
    }

    @Option(help: "The home's network, inside 127.0.0.0/8. 255 devices and more need a larger one, such as a /16.")
    var network = "127.77.10.0/24"

    @Option(help: "The devices' port. Real ones have 9999.")
    var port = 9_999

    @Option(help: "Which devices: two plugs, one of each kind, or one of each model.")
    var home = Home.demo

    @Option(help: "So many plugs with meters instead of a home: for measurements.")
    var plugs: Int?

    @Option(help: "Ids and readings are the same for the same seed.")
    var seed: UInt64 = 1

    @OptionGroup var options: ControlOptions

    func validate() throws {
        guard IPv4Network(network) != nil else {
            throw ValidationError("'\(network)' is no network inside 127.0.0.0/8, such as 127.77.10.0/24")
        }
    }

    func run() async throws {
        guard let network = IPv4Network(network) else { return }
        // Each device takes two descriptors, and each of its clients one.
        raiseDescriptorLimit()
        // Before the first thread: a signal that comes early must not kill us half-way.
        let signals = stopSignals()
        let home = SimulatedHome(network: network, port: port, seed: seed)
        for plan in plans { try await home.add(plan) }
        try await home.start()
        let count = await home.devices.count
        let server = ControlServer(home: home, path: options.control)
        let ready =
            "ready: \(count) devices in \(network), port \(port), discovery at \(network.broadcast), "
            + "control \(options.control)"
        do {
            try await withThrowingTaskGroup { group in
                group.addTask { try await server.run { say(ready) } }
                group.addTask { for await _ in signals { break } }
                try await group.next()
                group.cancelAll()
            }
        } catch {
            await home.stop()
            throw error
        }
        await home.stop()
    }

    private var plans: [DevicePlan] {
        if let plugs { return .plugs(plugs) }
        return switch home {
        case .small: .small
        case .demo: .demo
        case .models: .everyModel
        }
    }
}

/// One line on standard output at once, also into a pipe.
private func say(_ line: String) {
    print(line)
    fflush(nil)
}

private func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}

/// SIGINT and SIGTERM as they come.
private func stopSignals() -> AsyncStream<Void> {
    AsyncStream { continuation in
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
        continuation.onTermination = { _ in
            for source in sources { source.cancel() }
        }
    }
}
