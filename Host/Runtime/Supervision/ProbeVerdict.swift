import HostAPI
import Synchronization

/// Gathers what a probe worker says until it has ended.
final class ProbeVerdict: Sendable {
    struct Verdict: Equatable, Sendable {
        let outcome: LoadOutcome
        let message: String
    }

    private struct State {
        var loaded: WorkerMessage.Loaded?
        var isTimedOut = false
        var misbehaviour: String?
    }

    private let state = Mutex(State())

    /// The probe's time is over; it is being killed.
    func timedOut() {
        state.withLock { $0.isTimedOut = true }
    }

    /// - Returns: The verdict, with the worker's last event.
    func receive(_ event: WorkerEvent) -> Verdict? {
        state.withLock { state in
            switch event {
            case .message(.loaded(let loaded)): state.loaded = loaded
            case .message, .output: break
            case .misbehaved(let reason): state.misbehaviour = reason
            case .exited(let status): return Self.verdict(state, status)
            }
            return nil
        }
    }

    private static func verdict(_ state: State, _ status: ExitStatusOfProcess) -> Verdict {
        if let loaded = state.loaded {
            return Verdict(outcome: loaded.outcome, message: loaded.message)
        }
        if state.isTimedOut {
            return Verdict(
                outcome: .probeTimeout,
                message: "its code could not be loaded within 5 s: it hangs while loading"
            )
        }
        return Verdict(
            outcome: .probeCrashed,
            message: "it crashed while its code was loaded: \(state.misbehaviour ?? "\(status)")"
        )
    }
}
