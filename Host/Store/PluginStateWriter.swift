internal import Synchronization

/// Takes changes of what plugins remember from any thread at once and stores all of them in one commit, at most one in
/// 30 s: every commit wears an SD card. Reading sees what is not on the disk yet.
package final class PluginStateWriter: Sendable {
    private let database: StateDatabase
    private let queue: any WriteQueue
    private let stateChanged: @Sendable (WriterState) -> Void
    private let memory: Mutex<PendingPluginState>

    /// `stateChanged` is called on the queue, once when writing begins to fail and once when it works again.
    package init(
        _ database: StateDatabase,
        delay: Duration = .seconds(30),
        queue: any WriteQueue = DispatchWriteQueue(label: "hearth.plugin-state"),
        stateChanged: @escaping @Sendable (WriterState) -> Void = { _ in }
    ) {
        self.database = database
        self.queue = queue
        self.stateChanged = stateChanged
        memory = Mutex(PendingPluginState(delay: delay))
    }

    /// Never waits for the disk.
    package func write(_ change: PluginStateChange) {
        carryOut(memory.withLock { $0.add(change) })
    }

    /// Everything that the plugin remembers.
    package func pluginState(_ plugin: String) throws(StoreError) -> [String: String] {
        // Memory first: what is stored in between is found twice, never not at all.
        let pending = memory.withLock { $0.changes(of: plugin) }
        var values = try database.pluginState(plugin)
        for (key, value) in pending { values[key] = value }
        return values
    }

    /// Waits until everything that was written before is stored.
    ///
    /// - Throws: Why it could not be; it is kept and tried again.
    package func flush() async throws(StoreError) {
        let result = await withCheckedContinuation { continuation in
            queue.run { continuation.resume(returning: self.writeAll()) }
        }
        try result.get()
    }

    private func carryOut(_ action: PendingPluginState.Action) {
        guard case .wait(let delay, let timer) = action else { return }
        queue.run(after: delay) {
            if self.memory.withLock({ $0.isDue(timer) }) { _ = self.writeAll() }
        }
    }

    private func writeAll() -> Result<Void, StoreError> {
        guard let changes = memory.withLock({ $0.take() }) else { return .success(()) }
        do throws(StoreError) {
            try database.writePluginState(changes)
            let outcome = memory.withLock { $0.stored() }
            carryOut(outcome.action)
            if outcome.isRecovery { stateChanged(.writing) }
            return .success(())
        } catch {
            let outcome = memory.withLock { $0.failed() }
            carryOut(outcome.action)
            if outcome.isFirst { stateChanged(.failing(error)) }
            return .failure(error)
        }
    }
}
