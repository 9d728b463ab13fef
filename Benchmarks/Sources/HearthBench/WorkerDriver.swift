import Glibc
import HostAPI
import Runtime

/// Drives one worker as a supervisor does, on the reactor's thread, with nothing of the host around it.
actor WorkerDriver {
    /// Which plugin, and where everything is.
    struct Plan: Sendable {
        var worker: String
        var plugin: String
        var entry: String
        var settings: String
        /// An existing directory for the lock file and the plugin's data.
        var scratch: String
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    nonisolated let reactor: Reactor
    nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

    private let plan: Plan
    private var process: WorkerProcess?
    private var launched = ContinuousClock.now
    private var whenReady: CheckedContinuation<Duration, any Error>?
    private var whenEnded: CheckedContinuation<Void, Never>?

    init(_ plan: Plan, reactor: Reactor) {
        self.plan = plan
        self.reactor = reactor
    }

    /// From before the process is made until START is answered.
    func start() async throws -> Duration {
        try await withCheckedThrowingContinuation { continuation in
            whenReady = continuation
            do { try launch() } catch { fail("\(error)") }
        }
    }

    /// Ends the worker and waits for its end.
    func end() async {
        guard let process else { return }
        await withCheckedContinuation { continuation in
            whenEnded = continuation
            process.channel.send(.exit)
        }
        self.process = nil
    }

    private func launch() throws {
        launched = .now
        let lock = open("\(plan.scratch)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(lock) }
        let environment = ["PATH=/usr/bin:/bin", "MALLOC_ARENA_MAX=2", "SWIFT_BACKTRACE=enable=no"]
        process = try WorkerProcess(
            WorkerProcess.Program(path: plan.worker, environment: environment),
            plugin: plan.plugin,
            lock: lock,
            reactor: reactor
        ) { [self] event in
            assumeIsolated { $0.receive(event) }
        }
    }

    private func receive(_ event: WorkerEvent) {
        switch event {
        case .message(.hello): process?.channel.send(.load(load))
        case .message(.loaded(let loaded)):
            guard loaded.outcome == .ok else { return fail("not loaded: \(loaded.outcome.rawValue) \(loaded.message)") }
            process?.channel.request(timeout: .seconds(10)) { [plan] in
                .start(operation: $0, revision: 1, settings: plan.settings)
            } completion: { [self] result in
                assumeIsolated { $0.started(result) }
            }
        case .message, .output: break
        case .misbehaved(let reason): fail(reason)
        case .exited(let status):
            fail("it ended with \(status)")
            whenEnded?.resume()
            whenEnded = nil
        }
    }

    private var load: HostMessage.Load {
        HostMessage.Load(
            isProbe: false,
            logLevel: .info,
            id: plan.plugin,
            version: "1.0.0",
            entryPath: plan.entry,
            packageDirectory: plan.scratch,
            dataDirectory: plan.scratch
        )
    }

    private func started(_ result: Result<Answer, WorkerChannel.RequestError>) {
        guard case .success(let answer) = result, answer.status == .ok else { return fail("not started: \(result)") }
        whenReady?.resume(returning: .now - launched)
        whenReady = nil
    }

    private func fail(_ reason: String) {
        whenReady?.resume(throwing: Failure(description: "\(plan.plugin): \(reason)"))
        whenReady = nil
    }

    // MARK: Round trips

    /// Sends a request, waits for its answer, and so on, one at a time. Each duration is one round trip.
    func roundTrips(_ count: Int, _ make: @escaping @Sendable (UInt64) -> HostMessage) async throws -> [Duration] {
        guard let channel = process?.channel else { throw Failure(description: "no worker runs") }
        let course = Course(channel: channel, count: count, make: make)
        return try await withCheckedThrowingContinuation { course.run($0) }
    }
}
