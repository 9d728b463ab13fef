import Runtime
import ServiceLifecycle

/// The plugins' part of the daemon's life: they start once the interface is up, and have stopped before it goes.
struct PluginService: Service {
    let runtime: HostRuntime
    let gate: StartGate
    /// systemd's, if it started us.
    let notifySocket: String?

    func run() async throws {
        // The gate stays shut if the interface cannot be opened: then there is nothing to begin with.
        if await cancelWhenGracefulShutdown({ await gate.passed() }) { await runtime.begin() }
        // The grace ends at the signal; what must still be done is done after it, not by a handler that races with it.
        try? await gracefulShutdown()
        ReadinessNotification.stopping.send(to: notifySocket)
        await runtime.shutDown()
    }
}

/// Opens once, for everybody who waits and who comes later.
final class StartGate: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    }

    func open() {
        continuation.finish()
    }

    /// False if the waiting was cancelled.
    func passed() async -> Bool {
        for await _ in stream {}
        return !Task.isCancelled
    }
}
