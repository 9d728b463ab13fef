import PluginKit
import Synchronization

/// The pause of a loop, which somebody else may end early.
final class Nap: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        /// Somebody wanted to wake the loop while it was at work: the next pause is over before it begins.
        var isOverAlready = false
    }

    private let time: any TimeSource
    private let state = Mutex(State())

    init(_ time: any TimeSource) {
        self.time = time
    }

    /// Sleeps until the time is over, ``end()`` is called, or the task is cancelled.
    func sleep(for pause: Duration) async {
        let task = state.withLock { state -> Task<Void, Never>? in
            if state.isOverAlready {
                state.isOverAlready = false
                return nil
            }
            let task = Task { [time] in _ = try? await time.sleep(for: pause) }
            state.task = task
            return task
        }
        guard let task else { return }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        state.withLock { $0.task = nil }
    }

    /// Ends the pause, or the next one if there is none.
    func end() {
        state.withLock { state in
            if let task = state.task { task.cancel() } else { state.isOverAlready = true }
        }
    }
}
