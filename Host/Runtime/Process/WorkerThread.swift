import Glibc
import Synchronization
import Worker

/// A worker on a thread of the host (`isolation: host`): nothing contains it, and nothing can remove its code again. For
/// plugins without a language runtime of their own that the user has allowed this.
package final class WorkerThread: PluginWorker {
    /// How long a thread may take to end once its connection is closed.
    package static let patience: Duration = .seconds(1)

    package let channel: WorkerChannel
    package let processID: Int32 = getpid()
    private let reactor: Reactor
    private let receive: @Sendable (WorkerEvent) -> Void
    private let hasEnded = Atomic(false)

    /// Starts the thread. Call on the reactor's thread; `receive` is called there too.
    package init(
        plugin: String,
        reactor: Reactor,
        receive: @escaping @Sendable (WorkerEvent) -> Void
    ) throws(SystemError) {
        self.reactor = reactor
        self.receive = receive
        let control = try DescriptorPair.socket()
        channel = try WorkerChannel(takingOver: control.ours, reactor: reactor) { event in
            switch event {
            case .message(let message): receive(.message(message))
            case .closed: break  // The thread is ending.
            case .broken(let error): receive(.misbehaved("it broke the worker protocol: \(error)"))
            case .notReading: receive(.misbehaved("it does not read what the host sends"))
            }
        }
        let body = Body(control: control.theirs) { [self] status in
            reactor.schedule(after: .zero) { [self] in end(.status(status)) }
        }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(body).toOpaque()
        let status = pthread_create(
            &thread,
            nil,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            context
        )
        guard status == 0 else {
            Unmanaged<Body>.fromOpaque(context).release()
            channel.close()
            close(control.theirs)
            throw SystemError(operation: "start a thread for \(plugin)", number: status)
        }
        pthread_detach(thread)
    }

    /// A thread cannot be asked in any other way than by STOP and EXIT.
    package func terminate() {}

    /// Closes the connection: a thread that is not stuck in the plugin ends. One that is stuck is abandoned.
    package func kill() {
        channel.close()
        reactor.schedule(after: Self.patience) { [self] in end(.abandoned) }
    }

    private func end(_ status: ExitStatusOfProcess) {
        guard !hasEnded.exchange(true, ordering: .acquiringAndReleasing) else { return }
        channel.drain()
        channel.close()
        receive(.exited(status))
    }

    /// What runs on the thread.
    private final class Body: Sendable {
        private let control: Int32
        private let ended: @Sendable (Int32) -> Void

        init(control: Int32, ended: @escaping @Sendable (Int32) -> Void) {
            self.control = control
            self.ended = ended
        }

        func run() {
            var options = hearth_worker_options(control: control, owns_process: false)
            let status = hearth_worker_run(&options)
            close(control)
            ended(status)
        }
    }
}
