import Glibc
import HostAPI
import Manifests
import Runtime

/// One worker process with the plugin in it, from its start to its end. Everything happens on the reactor's thread, as it
/// does in the host.
actor Session {
    /// What a call of the plugin may take, as in the host.
    static let startLimit: Duration = .seconds(10)
    static let stopLimit: Duration = .seconds(5)
    static let answerLimit: Duration = .seconds(5)

    nonisolated let reactor: Reactor
    nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

    private let surroundings: Surroundings
    private var process: WorkerProcess?
    private(set) var record = Record()
    private(set) var ending: ExitStatusOfProcess?
    private var waiting: [UInt64: Waiter] = [:]
    private var nextWaiter: UInt64 = 0
    private var revision: UInt64 = 0

    /// What every session of a run has in common.
    struct Surroundings: Sendable {
        var program: WorkerProcess.Program
        var manifest: Manifest
        var packageDirectory: String
        var entryPath: String
        var dataDirectory: String
        var lockPath: String
        /// What the plugin shall find remembered.
        var state: [String: String]
        var blocks: BlockTimes
    }

    private enum Moment {
        case loaded
        case exited
    }

    private struct Waiter {
        var moment: Moment
        var continuation: CheckedContinuation<Bool, Never>
    }

    init(_ surroundings: Surroundings, reactor: Reactor) {
        self.surroundings = surroundings
        self.reactor = reactor
        record.state = surroundings.state
    }

    var processID: Int32? { ending == nil ? process?.processID : nil }

    var figures: ProcessFigures? { processID.flatMap(ProcessFigures.init) }

    // MARK: Beginning

    /// Starts the process and loads the code.
    ///
    /// - Returns: What it says about the code; nil if it says nothing in time, or ends before.
    func load(isProbe: Bool = false, within limit: Duration = .seconds(5)) async throws -> WorkerMessage.Loaded? {
        let lock = try SystemError.check("open \(surroundings.lockPath)") {
            open(surroundings.lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        }
        defer { close(lock) }
        let process = try WorkerProcess(
            surroundings.program,
            plugin: surroundings.manifest.id.text,
            lock: lock,
            reactor: reactor
        ) { [self] event in
            assumeIsolated { $0.receive(event) }
        }
        self.process = process
        process.channel.send(
            .load(
                HostMessage.Load(
                    isProbe: isProbe,
                    logLevel: .info,
                    id: surroundings.manifest.id.text,
                    version: surroundings.manifest.version.description,
                    entryPath: surroundings.entryPath,
                    packageDirectory: surroundings.packageDirectory,
                    dataDirectory: surroundings.dataDirectory
                )
            )
        )
        _ = await wait(for: .loaded, within: limit)
        if record.loaded?.outcome == .ok {
            for (key, value) in surroundings.state { process.channel.send(.state(key: key, value: value)) }
        }
        return record.loaded
    }

    // MARK: Calls

    func start(_ settings: JSONValue, within limit: Duration = startLimit) async -> CallOutcome {
        revision += 1
        let revision = revision
        return await call("start", within: limit) {
            .start(operation: $0, revision: revision, settings: settings.text)
        }
    }

    func stop(within limit: Duration = stopLimit) async -> CallOutcome {
        await call("stop", within: limit) { .stop(operation: $0) }
    }

    /// Sends START and STOP right behind each other.
    ///
    /// - Returns: What came of STOP.
    func startAndStop(_ settings: JSONValue) async -> CallOutcome {
        revision += 1
        let revision = revision
        process?.channel.request(timeout: Self.startLimit) {
            .start(operation: $0, revision: revision, settings: settings.text)
        } completion: { _ in
        }
        return await stop()
    }

    func apply(_ settings: JSONValue, _ change: SettingsChange) async -> CallOutcome {
        revision += 1
        let revision = revision
        return await call("apply_settings", within: Self.startLimit) {
            .apply(
                operation: $0,
                scope: UInt32(change.scope.code),
                revision: revision,
                settings: settings.text,
                changes: change.jsonValue.text
            )
        }
    }

    func command(_ name: String, device: String = "", arguments: JSONValue = .object([:])) async -> CallOutcome {
        await call("command", within: Self.startLimit) {
            .command(
                operation: $0,
                timeoutMilliseconds: 8_000,
                device: device,
                name: name,
                arguments: arguments.text
            )
        }
    }

    func health() async -> CallOutcome {
        await call("health", within: Self.answerLimit) { .health(operation: $0) }
    }

    /// Sends one message that the worker answers, and asks right behind it for a heartbeat: the worker answers that as soon
    /// as the plugin's function has returned.
    func call(
        _ function: String,
        within limit: Duration,
        _ make: @escaping @Sendable (UInt64) -> HostMessage
    ) async -> CallOutcome {
        guard let process, ending == nil else {
            return CallOutcome(end: .died(endingInWords), blocked: .zero, limit: limit)
        }
        let begun = ContinuousClock.now
        let (answer, blocked) = await withCheckedContinuation {
            (continuation: CheckedContinuation<AnswerAndHeartbeat.Both, Never>) in
            let pair = AnswerAndHeartbeat(continuation)
            process.channel.request(timeout: limit, make) { pair.take(answer: $0) }
            process.channel.request(timeout: limit) {
                .ping($0)
            } completion: {
                pair.take(blocked: (try? $0.get()).map { _ in ContinuousClock.now - begun })
            }
        }
        switch answer {
        case .success(let answer):
            surroundings.blocks.note(blocked ?? limit, in: function)
            return CallOutcome(end: .answered(answer), blocked: blocked, limit: limit)
        case .failure(.timedOut):
            surroundings.blocks.note(blocked ?? limit, in: function)
            return CallOutcome(end: .timedOut, blocked: blocked, limit: limit)
        case .failure(.closed):
            _ = await wait(for: .exited, within: .seconds(2))
            return CallOutcome(end: .died(endingInWords), blocked: .zero, limit: limit)
        }
    }

    /// How long a heartbeat takes at this moment; nil if none comes.
    func beat(within limit: Duration = .seconds(5)) async -> Duration? {
        guard let process, ending == nil else { return nil }
        let begun = ContinuousClock.now
        let result = try? await process.channel.request(timeout: limit) { .ping($0) }
        let taken = result == nil ? nil : ContinuousClock.now - begun
        if ending == nil { surroundings.blocks.note(taken ?? limit, in: "a timer or another callback") }
        return taken
    }

    // MARK: Ending

    /// Tells the worker to end.
    ///
    /// - Returns: How it ended; nil if it did not, and had to be killed.
    func exit(within limit: Duration) async -> ExitStatusOfProcess? {
        process?.channel.send(.exit)
        return await ended(within: limit)
    }

    /// Sends SIGTERM.
    ///
    /// - Returns: How it ended; nil if it did not, and had to be killed.
    func terminate(within limit: Duration) async -> ExitStatusOfProcess? {
        process?.terminate()
        return await ended(within: limit)
    }

    /// Ends the process if it still runs. Harmless when repeated.
    func kill() async {
        guard process != nil, ending == nil else { return }
        process?.kill()
        _ = await wait(for: .exited, within: .seconds(5))
        process = nil
    }

    private func ended(within limit: Duration) async -> ExitStatusOfProcess? {
        if await wait(for: .exited, within: limit) { return ending }
        await kill()
        return nil
    }

    private var endingInWords: String {
        if let misbehaviour = record.misbehaviour { return misbehaviour }
        let ending = ending.map { "\($0)" } ?? "it closed its connection to the host"
        return record.printedErrors.last.map { "\(ending); its last words: \($0)" } ?? ending
    }

    // MARK: Events

    private func wait(for moment: Moment, within limit: Duration) async -> Bool {
        if ending != nil { return moment == .exited }
        if moment == .loaded, record.loaded != nil { return true }
        guard process != nil else { return false }
        nextWaiter += 1
        let number = nextWaiter
        return await withCheckedContinuation { continuation in
            waiting[number] = Waiter(moment: moment, continuation: continuation)
            reactor.schedule(after: limit) { [self] in
                assumeIsolated { $0.waiting.removeValue(forKey: number)?.continuation.resume(returning: false) }
            }
        }
    }

    private func wake(_ moment: Moment) {
        for (number, waiter) in waiting where waiter.moment == moment || moment == .exited {
            waiting[number] = nil
            waiter.continuation.resume(returning: waiter.moment == moment)
        }
    }

    private func receive(_ event: WorkerEvent) {
        switch event {
        case .message(let message):
            record.take(message)
            reply(to: message)
            if case .loaded = message { wake(.loaded) }
        case .output(let isError, let line): record.take(printed: line, isError: isError)
        case .misbehaved(let reason): record.misbehaviour = reason
        case .exited(let status):
            ending = status
            wake(.exited)
        }
    }

    /// A host without other plugins, and without programs.
    private func reply(to message: WorkerMessage) {
        let permissions = surroundings.manifest.permissions
        switch message {
        case .stateFlush(let request): reply(request, .ok, "")
        case .subscribe(let request, let text):
            let pattern = NamePattern.series(text)
            let isAllowed = pattern.map { asked in permissions.readSeries.contains { $0.covers(asked) } } ?? false
            reply(request, isAllowed ? .ok : .denied, "the readings \(text)")
        case .call(let request, let command):
            let device = command.device ?? "*"
            let isAllowed = permissions.commandDevices.contains { $0.matches(command.plugin, device) }
            reply(request, isAllowed ? .retryable : .denied, "commands for \(command.plugin)/\(device)")
        case .exec(let request, let program, _):
            reply(request, permissions.programs[program] == nil ? .denied : .retryable, "the program \(program)")
        default: break
        }
    }

    private func reply(_ request: UInt64, _ status: PluginStatus, _ what: String) {
        if status == .denied, record.refused.count < Record.keptCount { record.refused.append(what) }
        let message = status == .retryable ? "a check has neither other plugins nor programs" : ""
        process?.channel.send(.answer(request: request, Answer(status: status, message: message)))
    }
}
