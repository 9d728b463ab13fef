internal import HostAPI
internal import Synchronization

/// How a change that goes on is told to stop, from anywhere.
final class ChangeControl: Sendable {
    enum Interruption: Sendable, Equatable {
        case abort(Failure)
        case hostEnds
    }

    private struct State {
        var interruption: Interruption?
        /// Nil while nothing is done that could be interrupted.
        var nature: ChangeMachine.Nature?
        var cancel: (@Sendable () -> Void)?
    }

    private let state = Mutex(State(nature: .preparing))

    var interruption: Interruption? { state.withLock { state in state.interruption } }

    /// Goes on to a task of that nature. What was accepted before is honoured first.
    func enter(_ nature: ChangeMachine.Nature) -> Interruption? {
        state.withLock { state in
            state.cancel = nil
            if state.interruption == nil { state.nature = nature }
            return state.interruption
        }
    }

    /// How the task that goes on is interrupted.
    func setCancel(_ cancel: @escaping @Sendable () -> Void) {
        let isInterrupted = state.withLock { state in
            state.cancel = cancel
            return state.interruption != nil && state.nature.map(ChangeMachine.canAbort) == true
        }
        if isInterrupted { cancel() }
    }

    /// From here on it is undone or over.
    func close() {
        state.withLock { state in
            state.nature = nil
            state.cancel = nil
        }
    }

    /// Returns whether it will be undone.
    func abort(_ failure: Failure) -> Bool {
        let (isAccepted, cancel) = state.withLock { state -> (Bool, (@Sendable () -> Void)?) in
            guard let nature = state.nature, ChangeMachine.canAbort(nature), state.interruption != .hostEnds else {
                return (false, nil)
            }
            if state.interruption == nil { state.interruption = .abort(failure) }
            return (true, state.cancel)
        }
        cancel?()
        return isAccepted
    }

    func hostEnds() {
        let cancel = state.withLock { state -> (@Sendable () -> Void)? in
            if state.interruption == nil { state.interruption = .hostEnds }
            return state.nature.map(ChangeMachine.canAbort) == true ? state.cancel : nil
        }
        cancel?()
    }
}
