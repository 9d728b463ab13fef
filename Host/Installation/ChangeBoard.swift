internal import HostAPI
internal import Synchronization

/// The changes that go on, and who follows them.
final class ChangeBoard: Sendable {
    private struct Entry {
        var change: Change
        var followers: [Int: AsyncThrowingStream<Change, any Error>.Continuation] = [:]
    }

    private struct State {
        var lastFollower = 0
        var entries: [Int64: Entry] = [:]
    }

    private let state = Mutex(State())
    private let progress: @Sendable (Change) -> Void

    init(progress: @escaping @Sendable (Change) -> Void) {
        self.progress = progress
    }

    /// The change as it is now, nil if it does not go on.
    func change(_ number: Int64) -> Change? {
        state.withLock { state in state.entries[number]?.change }
    }

    /// Shows how the change is now; the last one of a change is final.
    func show(_ change: Change) {
        let followers = state.withLock { state in
            state.entries[change.number, default: Entry(change: change)].change = change
            let followers = state.entries[change.number]?.followers.values.map { $0 } ?? []
            if change.state.isFinal { state.entries[change.number] = nil }
            return followers
        }
        tell(change, followers)
    }

    /// Shows how much of the task that goes on is done.
    func report(_ progress: ChangeTask.Progress, of number: Int64) {
        let entry = state.withLock { state -> Entry? in
            guard let index = state.entries[number]?.change.tasks.firstIndex(where: { $0.state == "doing" }) else {
                return nil
            }
            state.entries[number]?.change.tasks[index].progress = progress
            return state.entries[number]
        }
        if let entry { tell(entry.change, entry.followers.values.map { $0 }) }
    }

    private func tell(
        _ change: Change,
        _ followers: [AsyncThrowingStream<Change, any Error>.Continuation]
    ) {
        progress(change)
        for follower in followers {
            follower.yield(change)
            if change.state.isFinal { follower.finish() }
        }
    }

    /// The change does not go on before the host's next start.
    func leave(_ number: Int64, because failure: Failure) {
        let entry = state.withLock { state in state.entries.removeValue(forKey: number) }
        for follower in entry?.followers.values.map({ $0 }) ?? [] { follower.finish(throwing: failure) }
    }

    /// The change now and after each step. Nil if it does not go on.
    func follow(_ number: Int64) -> AsyncThrowingStream<Change, any Error>? {
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: Change.self,
            throwing: (any Error).self,
            // Only how it is now matters to whoever is slow.
            bufferingPolicy: .bufferingNewest(64)
        )
        let follower = state.withLock { state -> Int? in
            guard let change = state.entries[number]?.change else { return nil }
            state.lastFollower += 1
            state.entries[number]?.followers[state.lastFollower] = continuation
            continuation.yield(change)
            return state.lastFollower
        }
        guard let follower else { return nil }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in
                _ = state.entries[number]?.followers.removeValue(forKey: follower)
            }
        }
        return stream
    }
}
