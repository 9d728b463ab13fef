import Runtime
import ServiceLifecycle

/// The plugins' part of the daemon's life: they start once the interface is up, and have stopped before it goes.
struct PluginService: Service {
    let runtime: HostRuntime
    /// The interface is up.
    let isListening: OneTimeEvent
    /// systemd's, if it started us.
    let notifySocket: String?

    func run() async throws {
        // If the interface cannot be opened this never happens, and there is nothing to begin with.
        let mayBegin = await cancelWhenGracefulShutdown {
            await isListening.wait()
            return !Task.isCancelled
        }
        if mayBegin { await runtime.begin() }
        // The grace ends at the signal; what must still be done is done after it, not by a handler that races with it.
        try? await gracefulShutdown()
        ReadinessNotification.stopping.send(to: notifySocket)
        await runtime.shutDown()
    }
}
