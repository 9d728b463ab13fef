internal import Dispatch
internal import Synchronization

/// The way to `state.db`: one queue, so that writes happen in the order in which they were decided, and never on a thread
/// that must not wait for a disk.
package final class Ledger: Sendable {
    private let database: StateDatabase
    private let queue = DispatchQueue(label: "state.db")
    private let stateChanged: @Sendable (WriterState) -> Void
    private let isFailing = Mutex(false)

    /// - Parameters:
    ///   - database: Where things are written; nobody else writes to it.
    ///   - stateChanged: Told once when writes that nobody waits for begin to fail, and once when they work again.
    package init(database: StateDatabase, stateChanged: @escaping @Sendable (WriterState) -> Void) {
        self.database = database
        self.stateChanged = stateChanged
    }

    /// Writes without waiting.
    package func write(_ body: @escaping @Sendable (StateDatabase) throws(StoreError) -> Void) {
        queue.async { [self] in
            do throws(StoreError) {
                try body(database)
                note(nil)
            } catch {
                note(error)
            }
        }
    }

    private func note(_ error: StoreError?) {
        let hasChanged = isFailing.withLock { isFailing in
            defer { isFailing = error != nil }
            return isFailing != (error != nil)
        }
        if hasChanged { stateChanged(error.map { .failing($0) } ?? .writing) }
    }

    /// Reads or writes after all that was asked for before, and waits for it.
    package func perform<Value: Sendable>(
        _ body: @escaping @Sendable (StateDatabase) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, StoreError>, Never>) in
            queue.async { [self] in
                continuation.resume(returning: Result { () throws(StoreError) in try body(database) })
            }
        }
        return try result.get()
    }
}
