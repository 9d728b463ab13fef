import ArgumentParser
import Glibc
import HostAPI
import Logging
import Runtime
import Server
import ServiceLifecycle
import UnixSignals

/// The daemon: puts the parts together and runs them until it is told to end.
@main
struct Hostd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hostd",
        abstract: "Runs the plugins of one home, each in a process of its own.",
        discussion: """
            What is put into ROOT/plugins.d is installed. `hostctl` asks and commands the host over ROOT/run/hostd.sock.
            Ends orderly on SIGTERM, SIGINT and SIGHUP.
            """,
        version: hearthVersion
    )

    @Option(
        help: "The directory that holds everything. Default: HEARTH_ROOT, STATE_DIRECTORY, or hearth in XDG_STATE_HOME."
    )
    var root: String?

    @Option(
        help: "The least level that is logged: trace, debug, info, notice, warning, error, critical.",
        transform: Self.logLevel(_:)
    )
    var logLevel = Logger.Level.info

    @Option(
        name: .customLong("allow-in-host"),
        help: """
            A plugin that may run on a thread of hostd itself if its manifest says `isolation: host`: without sandbox, and a \
            crash of it ends the host. May be given several times.
            """
    )
    var allowedInHost: [String] = []

    @Flag(help: "Start no plugin; `hostctl start` starts single ones. To look at, or mend, a home that is in trouble.")
    var safe = false

    @Option(
        help: "The registry: the URL of its index, or a directory. Is remembered; \"none\" forgets it."
    )
    var registry: String?

    @Option(help: "A desired-state file, applied at the start and whenever it changes.")
    var config: String?

    @Option(
        help: """
            For how many seconds a version that replaces a running one has to run before it is trusted; until then the one \
            before comes back by itself.
            """
    )
    var healthWindow = 10.0

    @Option(help: .hidden)
    var worker: String?

    func run() async throws {
        let logLevel = logLevel
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = logLevel
            return handler
        }
        // A client that hangs up is an error of one write, and a stray signal is nothing, to a host that must stay up.
        for number in [SIGPIPE, SIGUSR1, SIGUSR2] { signal(number, SIG_IGN) }
        // Whoever started us may ignore it, and the kernel would then forget how our children ended.
        signal(SIGCHLD, SIG_DFL)
        DescriptorLimit.raise()
        do throws(Failure) {
            try await serve(Logger(label: "hostd"))
        } catch {
            let hint = error.hint.map { "  \($0)\n" } ?? ""
            let text = "hostd: \(error.message)\n\(hint)"
            _ = text.withCString { write(STDERR_FILENO, $0, text.utf8.count) }
            throw ExitCode(error.code.exitStatus.rawValue)
        }
    }

    private static func logLevel(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text) else { throw ValidationError("\"\(text)\" is not a level") }
        return level
    }

    private func serve(_ logger: Logger) async throws(Failure) {
        let environment = Environment.all
        var workerPath = worker ?? ""
        if worker == nil { workerPath = try WorkerLocation.besideThisProgram() }
        let layout = RootLayout(root: try RootChoice.root(option: root, environment: environment))
        let runtime = try await HostRuntime(
            HostRuntime.Configuration(
                layout: layout,
                workerPath: workerPath,
                environment: environment,
                allowedInHost: Set(allowedInHost),
                isSafeMode: safe,
                registry: registry,
                homeFile: try config.map(RootChoice.absolute),
                healthWindow: .milliseconds(healthWindow * 1_000)
            ),
            logger: logger
        )
        let isListening = OneTimeEvent()
        let notifySocket = environment["NOTIFY_SOCKET"]
        let server = HTTPServer(host: runtime, socketPath: layout.socketPath, logger: logger) {
            logger.info("listening", metadata: ["socket": "\(layout.socketPath)"])
            isListening.happen()
            ReadinessNotification.ready.send(to: notifySocket)
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                // Ended in the reverse order: the plugins first, while the interface still tells how they are.
                services: [
                    .init(service: server, failureTerminationBehavior: .gracefullyShutdownGroup),
                    .init(
                        service: PluginService(runtime: runtime, isListening: isListening, notifySocket: notifySocket)
                    ),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint, .sighup],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch {
            throw Failure(error)
        }
        logger.info("ended")
    }
}

/// The process's environment.
private enum Environment {
    static var all: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let pointer = entry.pointee {
            let parts = String(cString: pointer).split(separator: "=", maxSplits: 1)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }
}
