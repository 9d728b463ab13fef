import CLinux
import Glibc
import Synchronization

/// A worker: its process, its control socket and what it prints.
package final class WorkerProcess: PluginWorker {
    /// How workers are started.
    package struct Program: Sendable {
        /// The absolute path of `hearth-worker`.
        package var path: String
        /// The whole environment, `NAME=value`.
        package var environment: [String]

        package init(path: String, environment: [String]) {
            self.path = path
            self.environment = environment
        }
    }

    package let channel: WorkerChannel
    package let processID: Int32
    private let process: SpawnedProcess
    private let reactor: Reactor

    /// Starts a worker. Call on the reactor's thread; `receive` is called there too. The worker holds `lock`, the
    /// plugin's locked lock file, until it ends.
    package init(
        _ program: Program,
        plugin: String,
        lock: Int32,
        reactor: Reactor,
        receive: @escaping @Sendable (WorkerEvent) -> Void
    ) throws(SystemError) {
        precondition(reactor.isOnThread, "the parent-death signal follows the thread that starts the worker")
        self.reactor = reactor

        let null = try SystemError.check("open /dev/null") { open("/dev/null", O_RDONLY | O_CLOEXEC) }
        defer { close(null) }
        let pairs = try DescriptorPair.several([.socket, .pipe, .pipe])
        defer { for pair in pairs { close(pair.theirs) } }
        var ours = pairs.map(\.ours)
        defer { for descriptor in ours { close(descriptor) } }

        let process = try SpawnedProcess(
            arguments: [program.path, "run", plugin],
            environment: program.environment,
            descriptors: [null, pairs[1].theirs, pairs[2].theirs, pairs[0].theirs, lock]
        )
        self.process = process
        processID = process.processID
        let channel = try WorkerChannel(takingOver: ours.removeFirst(), reactor: reactor) { event in
            switch event {
            case .message(let message): receive(.message(message))
            case .closed: break  // The process is ending; its exit says how.
            case .broken(let error):
                receive(.misbehaved("it broke the worker protocol: \(error)"))
                process.killGroup()
            case .notReading:
                receive(.misbehaved("it does not read what the host sends"))
                process.killGroup()
            }
        }
        self.channel = channel
        var pipes: [OutputPipe] = []
        do {
            for isError in [false, true] {
                pipes.append(
                    try Self.linePipe(ours.removeFirst(), isError: isError, reactor: reactor, receive: receive)
                )
            }
            try reactor.watch(process.pidfd, for: EPOLLIN.rawValue) { [pipes] _ in
                guard let status = process.reap() else { return }
                reactor.unwatch(process.pidfd)
                channel.drain()
                channel.close()
                for pipe in pipes { pipe.finish() }
                receive(.exited(status))
            }
        } catch {
            channel.close()
            for pipe in pipes { pipe.close() }
            throw error
        }
    }

    /// Asks the process to end.
    package func terminate() {
        process.signal(SIGTERM)
    }

    /// Ends the process and all of its group at once. Its exit follows as an event.
    package func kill() {
        process.killGroup()
    }

    private static func linePipe(
        _ descriptor: Int32,
        isError: Bool,
        reactor: Reactor,
        receive: @escaping @Sendable (WorkerEvent) -> Void
    ) throws(SystemError) -> OutputPipe {
        let splitter = Mutex(LineSplitter())
        return try OutputPipe(takingOver: descriptor, reactor: reactor) { bytes in
            for line in splitter.withLock({ $0.append(bytes) }) {
                receive(.output(isError: isError, line))
            }
        }
    }
}

/// Two connected descriptors: one to keep, one for a child. Both are closed on exec.
struct DescriptorPair {
    let ours: Int32
    let theirs: Int32

    enum Kind {
        case socket
        case pipe
    }

    /// Opens several, or none.
    static func several(_ kinds: [Kind]) throws(SystemError) -> [DescriptorPair] {
        var pairs: [DescriptorPair] = []
        do throws(SystemError) {
            for kind in kinds { pairs.append(kind == .socket ? try socket() : try pipe()) }
        } catch {
            for pair in pairs {
                close(pair.ours)
                close(pair.theirs)
            }
            throw error
        }
        return pairs
    }

    /// A connected pair of Unix stream sockets.
    static func socket() throws(SystemError) -> DescriptorPair {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        try SystemError.check("socketpair") { socketpair(AF_UNIX, type, 0, &pair) }
        return DescriptorPair(ours: pair[0], theirs: pair[1])
    }

    /// A pipe whose reading end is ours.
    static func pipe() throws(SystemError) -> DescriptorPair {
        var pair: [Int32] = [-1, -1]
        try SystemError.check("pipe") { linux_pipe(&pair) }
        return DescriptorPair(ours: pair[0], theirs: pair[1])
    }
}
