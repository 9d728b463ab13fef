package import HostAPI
internal import Store
internal import Synchronization

extension Installer {
    /// Newest first.
    package func changes(_ query: ChangesQuery) async throws(Failure) -> [Change] {
        guard (1...StateDatabase.keptChanges).contains(query.limit) else {
            throw Failure(
                .invalidArgument,
                "the limit is \(query.limit); it must be 1 to \(StateDatabase.keptChanges)"
            )
        }
        let stored = try await store { database throws(StoreError) in
            try database.changes(ofPlugin: query.plugin, limit: query.limit)
        }
        return stored.map { change in board.change(change.number) ?? change }
    }

    /// - Throws: `not-found` if there is none of that number.
    package func change(_ number: Int64) async throws(Failure) -> Change {
        if let change = board.change(number) { return change }
        guard let change = try await store({ database throws(StoreError) in try database.change(number) }) else {
            throw Failure(.notFound, "there is no change \(number)", hint: "`hostctl changes` lists them")
        }
        return change
    }

    /// The change now and after each step, until it is done or undone; the last element is final.
    ///
    /// - Parameter number: The change's number.
    /// - Returns: A stream that ends after the final element, or throws if the change waits for hostd's next start.
    /// - Throws: `not-found` if there is none of that number.
    package func watch(_ number: Int64) async throws(Failure) -> AsyncThrowingStream<Change, any Error> {
        if let stream = board.follow(number) { return stream }
        let change = try await change(number)
        return AsyncThrowingStream { continuation in
            continuation.yield(change)
            continuation.finish(
                throwing: change.state.isFinal
                    ? nil : Failure(.busy, "change \(number) goes on at hostd's next start")
            )
        }
    }

    /// Has a change that goes on undone. Does not wait for its end.
    ///
    /// - Parameter number: The change's number.
    /// - Returns: The change as it is now.
    /// - Throws: `not-found` if there is none of that number, `refused` if it is over or cannot be undone any more.
    package func abort(_ number: Int64) async throws(Failure) -> Change {
        let change = try await change(number)
        let control = state.withLock { state in state.controls[number] }
        let failure = Failure(.undone, "it was aborted")
        if let control, control.abort(failure) {
            await endWaiting(number, because: failure)
            return try await self.change(number)
        }
        if change.state == .undoing { throw Failure(.refused, "change \(number) is being undone already") }
        guard !change.state.isFinal, control != nil else {
            throw Failure(.refused, "change \(number) is \(change.state.rawValue) already")
        }
        throw Failure(
            .refused,
            "change \(number) is past the point where it can be aborted",
            hint: change.kind == .uninstall
                ? "`hostctl install \(change.plugin)` brings it back" : "`hostctl rollback \(change.plugin)` afterwards"
        )
    }
}
