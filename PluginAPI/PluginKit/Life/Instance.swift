import PluginAPI
import Synchronization

/// One instance of a plugin between `create` and `destroy`.
///
/// The host's calls go through one queue that one task reads, so their order is never lost. Life-cycle calls are
/// carried out one after another; commands begin in order and then run beside each other. A stop overtakes what
/// waits: it cancels everything at once, and what has not begun yet is refused.
final class Instance: Sendable {
    enum Request: Sendable {
        case start(settings: String)
        case apply(settings: String, changes: String, scope: Int32, revision: UInt64)
        case stop
        case command(device: String, name: String, arguments: String, timeout: Duration)
        case health
    }

    private struct Call: Sendable {
        let operation: UInt64
        let request: Request
        let stops: Int
    }

    private struct State {
        /// How many stops were asked for; a call from before the last one is out of date.
        var stops = 0
        /// What is under way; no task yet if it has just been begun.
        var running: [UInt64: Task<Void, Never>?] = [:]
    }

    private let link: HostLink
    private let runner: any Runner
    private let state = Mutex(State())
    private let queue: AsyncStream<Call>.Continuation

    init(link: HostLink, runner: any Runner) {
        self.link = link
        self.runner = runner
        let (calls, queue) = AsyncStream.makeStream(of: Call.self)
        self.queue = queue
        Task { await self.carryOut(calls) }
    }

    /// Queues a call; ``HostLink/complete(_:with:)`` follows.
    func accept(_ operation: UInt64, _ request: Request) {
        let (stops, cancelled) = state.withLock { state in
            guard case .stop = request else { return (state.stops, [Task<Void, Never>]()) }
            state.stops += 1
            return (state.stops, state.running.values.compactMap(\.self))
        }
        for task in cancelled { task.cancel() }
        queue.yield(Call(operation: operation, request: request, stops: stops))
    }

    /// Takes no more calls, and makes the host's functions do nothing from here on.
    func end() {
        queue.finish()
        link.close()
    }

    private func carryOut(_ calls: AsyncStream<Call>) async {
        for await call in calls {
            switch call.request {
            case .start, .apply:
                await begin(call)?.value
            case .stop:
                for task in state.withLock({ $0.running.values.compactMap(\.self) }) { await task.value }
                await runner.stop()
                link.complete(call.operation, with: .success(.null))
            case .command, .health:
                _ = begin(call)
            }
        }
    }

    /// Runs `call` as a task of its own, at once up to its first pause: that is what keeps commands in order.
    private func begin(_ call: Call) -> Task<Void, Never>? {
        let isCurrent = state.withLock { state in
            guard call.stops == state.stops else { return false }
            state.running.updateValue(nil, forKey: call.operation)
            return true
        }
        guard isCurrent else {
            link.complete(call.operation, with: .failure(PluginError(CancellationError())))
            return nil
        }
        let task = Task.immediate {
            let result: Result<JSON, PluginError>
            do {
                result = .success(try await self.carryOut(call.request))
            } catch {
                result = .failure(PluginError(error))
            }
            self.link.complete(call.operation, with: result)
            self.state.withLock { _ = $0.running.removeValue(forKey: call.operation) }
        }
        let isLate = state.withLock { state in
            if state.running[call.operation] != nil { state.running[call.operation] = task }
            return call.stops != state.stops
        }
        if isLate { task.cancel() }
        return task
    }

    private func carryOut(_ request: Request) async throws -> JSON {
        switch request {
        case .start(let settings):
            try await runner.start(settings: settings)
            return .null
        case .apply(let settings, let changes, let scope, let revision):
            try await runner.apply(settings: settings, changes: changes, scope: scope, revision: revision)
            return .null
        case .command(let device, let name, let arguments, let timeout):
            let arguments = arguments.isEmpty ? [:] : try JSON(parsing: arguments)
            let device = device.isEmpty ? nil : device
            return try await runner.command(
                Command(device: device, name: name, arguments: arguments, timeout: timeout)
            )
        case .health:
            return try await runner.health()
        case .stop:
            return .null
        }
    }
}
