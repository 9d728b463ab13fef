import Runtime
import Synchronization

/// Gathers an answer and the heartbeat behind it.
final class AnswerAndHeartbeat: Sendable {
    typealias Answered = Result<Answer, WorkerChannel.RequestError>
    typealias Both = (answer: Answered, blocked: Duration?)

    private struct State {
        var answer: Answered?
        var blocked: Duration??
        var continuation: CheckedContinuation<Both, Never>?
    }

    private let state: Mutex<State>

    init(_ continuation: CheckedContinuation<Both, Never>) {
        state = Mutex(State(continuation: continuation))
    }

    func take(answer: Answered) { finish { $0.answer = answer } }

    func take(blocked: Duration?) { finish { $0.blocked = .some(blocked) } }

    private func finish(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            guard let answer = state.answer, let blocked = state.blocked else { return }
            state.continuation?.resume(returning: (answer, blocked))
            state.continuation = nil
        }
    }
}
