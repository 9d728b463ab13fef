import Dispatch
import HostAPI
package import Store

/// The way to `state.db`: one queue, so that writes happen in the order in which they were decided, and never on a thread
/// that must not wait for a disk.
package final class Ledger: Sendable {
    private let database: StateDatabase
    private let queue = DispatchQueue(label: "state.db")
    private let report: @Sendable (StoreError) -> Void

    /// - Parameters:
    ///   - database: Where things are written; nobody else writes to it.
    ///   - report: Is told of writes that failed and that nobody waits for.
    package init(database: StateDatabase, report: @escaping @Sendable (StoreError) -> Void) {
        self.database = database
        self.report = report
    }

    /// Writes without waiting.
    package func write(_ body: @escaping @Sendable (StateDatabase) throws(StoreError) -> Void) {
        queue.async { [self] in
            do throws(StoreError) {
                try body(database)
            } catch {
                report(error)
            }
        }
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
