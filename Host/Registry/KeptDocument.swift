import HostAPI
import Synchronization

/// What asking for a document gave.
enum Fetched<Value: Sendable>: Sendable {
    case unchanged
    case new(Value, Validators)
}

/// A document of the registry that is kept. One fetch is under way at a time; whoever comes while it is joins it.
final class KeptDocument<Value: Sendable>: Sendable {
    typealias Fetch = @Sendable (Validators?) async throws(RegistryProblem) -> Fetched<Value>

    private struct State {
        /// Nil until somebody wants it: what is on disk is read then.
        var cached: CachedCopy<Value>?
        var fetch: Pending<Result<Value, RegistryProblem>>?
    }

    private let clock: RegistryClock
    private let rules: CacheRules
    private let load: @Sendable () -> CachedCopy<Value>.Copy?
    private let fetch: Fetch
    private let state = Mutex(State())

    init(
        _ rules: CacheRules,
        clock: RegistryClock,
        load: @escaping @Sendable () -> CachedCopy<Value>.Copy? = { nil },
        fetch: @escaping Fetch
    ) {
        self.rules = rules
        self.clock = clock
        self.load = load
        self.fetch = fetch
    }

    /// What is known.
    var cached: CachedCopy<Value> { state.withLock { cached(&$0) } }

    /// Reads what is on disk once. Others wait for that under the lock: it takes milliseconds, once in the life of the host.
    private func cached(_ state: inout State) -> CachedCopy<Value> {
        if let cached = state.cached { return cached }
        let cached = CachedCopy(rules, copy: load())
        state.cached = cached
        return cached
    }

    /// For listings: asks if it is time to, and gives what is known then. A task that is cancelled waits no longer.
    func current() async -> CachedCopy<Value> {
        if !Task.isCancelled, cached.isDue(at: clock.now()) { _ = await joined().value() }
        return cached
    }

    /// For decisions: what the registry answers now, whatever is known.
    ///
    /// - Throws: If it cannot be asked, or its answer cannot be used.
    func asked() async throws(RegistryProblem) -> Value {
        guard let result = await joined().value() else { throw .cancelled }
        return try result.get()
    }

    /// The fetch that is under way, or a new one.
    private func joined() -> Pending<Result<Value, RegistryProblem>> {
        let (pending, validators) = state.withLock { state -> (Pending<Result<Value, RegistryProblem>>, Validators??) in
            if let fetch = state.fetch { return (fetch, nil) }
            let pending = Pending<Result<Value, RegistryProblem>>()
            state.fetch = pending
            return (pending, .some(cached(&state).copy?.validators))
        }
        if let validators {
            // Nobody's child: it serves all who join it, and goes on for the next one when the first gives up. Its own
            // limits end it.
            Task { await carryOut(pending, validators) }
        }
        return pending
    }

    private func carryOut(_ pending: Pending<Result<Value, RegistryProblem>>, _ validators: Validators?) async {
        let fetched: Result<Fetched<Value>, RegistryProblem>
        do throws(RegistryProblem) {
            fetched = .success(try await fetch(validators))
        } catch {
            fetched = .failure(error)
        }
        let now = clock.now()
        let result = state.withLock { state -> Result<Value, RegistryProblem> in
            state.fetch = nil
            var cached = cached(&state)
            defer { state.cached = cached }
            switch fetched {
            case .success(.new(let value, let validators)):
                cached.received(value, validators, at: now)
                return .success(value)
            case .success(.unchanged):
                cached.confirmed(at: now)
                // A fetch without validators never gives "unchanged".
                return cached.copy.map { .success($0.value) } ?? .failure(.cancelled)
            case .failure(let problem):
                cached.failed(problem, at: now)
                return .failure(problem)
            }
        }
        pending.fulfil(result)
    }
}
