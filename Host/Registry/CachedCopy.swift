import HostAPI

/// What a server says of a document, by which it can tell whether it has changed.
struct Validators: Sendable, Equatable, Codable {
    var entityTag: String?
    var lastModified: String?
}

/// How long a document is kept for.
struct CacheRules: Sendable {
    /// How long a copy counts as fresh.
    var lifetime: Duration
    /// How long nobody asks again after a failure.
    var pause: Duration

    static let index = CacheRules(lifetime: .seconds(15 * 60), pause: .seconds(60))
    static let furtherVersions = CacheRules(lifetime: .seconds(30 * 60), pause: .seconds(60))
    /// Files of this machine: a look at them costs nothing.
    static let local = CacheRules(lifetime: .zero, pause: .zero)
}

/// What is known of one document, and when it may be asked for again. Pure: the time comes in.
struct CachedCopy<Value: Sendable>: Sendable {
    struct Copy: Sendable {
        var value: Value
        var validators: Validators
        /// When it was last known to be what the registry has.
        var confirmedAt: Timestamp
    }

    struct Setback: Sendable {
        var problem: RegistryProblem
        var at: Timestamp
        var pause: Duration
    }

    private enum State: Sendable {
        case unknown
        case good(Copy)
        case outdated(Copy, Setback)
        case failed(Setback)
    }

    /// A server cannot make us wait longer than that.
    static var longestPause: Duration { .seconds(3_600) }

    private let rules: CacheRules
    private var state: State

    init(_ rules: CacheRules, copy: Copy? = nil) {
        self.rules = rules
        state = copy.map { .good($0) } ?? .unknown
    }

    /// The last good copy. Nothing but a newer one ever takes its place.
    var copy: Copy? {
        switch state {
        case .good(let copy), .outdated(let copy, _): copy
        case .unknown, .failed: nil
        }
    }

    /// Why the last attempt failed; nil if it did not.
    var problem: RegistryProblem? {
        switch state {
        case .outdated(_, let setback), .failed(let setback): setback.problem
        case .unknown, .good: nil
        }
    }

    /// True if a listing should ask for it. A clock that was set back makes neither a copy nor a pause last for ever.
    func isDue(at now: Timestamp) -> Bool {
        switch state {
        case .unknown: true
        case .good(let copy): !isWithin(rules.lifetime, of: copy.confirmedAt, now)
        case .outdated(_, let setback), .failed(let setback): !isWithin(setback.pause, of: setback.at, now)
        }
    }

    /// True if the copy may no longer be what the registry has.
    func isStale(at now: Timestamp) -> Bool {
        switch state {
        // What was confirmed a moment ago is not stale, however short its life.
        case .good(let copy): !isWithin(max(rules.lifetime, .seconds(60)), of: copy.confirmedAt, now)
        case .outdated: true
        case .unknown, .failed: false
        }
    }

    mutating func received(_ value: Value, _ validators: Validators, at now: Timestamp) {
        state = .good(Copy(value: value, validators: validators, confirmedAt: now))
    }

    /// The registry says that the copy is what it has.
    mutating func confirmed(at now: Timestamp) {
        guard var copy else { return }
        copy.confirmedAt = now
        state = .good(copy)
    }

    mutating func failed(_ problem: RegistryProblem, at now: Timestamp) {
        let pause = min(max(rules.pause, problem.pause ?? .zero), Self.longestPause)
        let setback = Setback(problem: problem, at: now, pause: pause)
        state = copy.map { .outdated($0, setback) } ?? .failed(setback)
    }

    private func isWithin(_ duration: Duration, of start: Timestamp, _ now: Timestamp) -> Bool {
        start <= now && now < start + duration
    }
}
