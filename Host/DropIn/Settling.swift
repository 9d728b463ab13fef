/// Decides when an entry of the drop-in directory is looked at: not while somebody still writes to it.
///
/// Pure: it is told what happens and when, and says what is due.
package struct Settling: Sendable {
    package struct Times: Sendable {
        /// Without an event, before an entry is looked at, or is said to have vanished.
        package var quiet: Duration = .milliseconds(500)
        /// It is looked at then though events still come.
        package var longest: Duration = .seconds(60)
        /// When to look again at what is not whole, though no event comes.
        package var retries: [Duration] = [.seconds(5), .seconds(30)]

        package init() {}
    }

    package struct Due: Sendable, Equatable {
        package enum Matter: Sendable, Equatable {
            /// Nobody has written to it for a while. `isLast`: it is not looked at again by itself, so what is missing
            /// now will stay missing.
            case look(isLast: Bool)
            case vanished
        }

        package var name: String
        package var matter: Matter
        /// There was another of that name, which went: what is known of that one does not hold for this one.
        package var isAnother: Bool

        package init(name: String, matter: Matter, isAnother: Bool = false) {
            self.name = name
            self.matter = matter
            self.isAnother = isAnother
        }
    }

    private enum Phase {
        case restless(since: ContinuousClock.Instant, due: ContinuousClock.Instant)
        case vanished(due: ContinuousClock.Instant)
        /// Handed out, and nothing happened since.
        case looking(attempt: Int)
        case incomplete(due: ContinuousClock.Instant, attempt: Int)
    }

    private struct Entry {
        var phase: Phase
        var isAnother: Bool
        /// Of the last event: what came last is handed out last.
        var order: UInt64
    }

    private let times: Times
    private var entries: [String: Entry] = [:]
    private var order: UInt64 = 0

    package init(times: Times = Times()) {
        self.times = times
    }

    // MARK: What happens

    /// It was made or written to.
    package mutating func changed(_ name: String, at now: ContinuousClock.Instant) {
        var since = now
        if case .restless(let earlier, _) = entries[name]?.phase { since = earlier }
        put(name, .restless(since: since, due: min(now + times.quiet, since + times.longest)))
    }

    /// It came by renaming: whoever does that has finished it.
    package mutating func renamedIn(_ name: String, at now: ContinuousClock.Instant) {
        put(name, .restless(since: now, due: now))
    }

    /// It went. This is said only after a while: what is renamed, or replaced, is looked at before.
    package mutating func vanished(_ name: String, at now: ContinuousClock.Instant) {
        if case .vanished = entries[name]?.phase { return }
        put(name, .vanished(due: now + times.quiet))
    }

    /// It was looked at.
    ///
    /// - Parameters:
    ///   - name: The entry's.
    ///   - isWhole: Nothing is missing, or it will never be right without a change.
    ///   - now: The moment.
    package mutating func looked(at name: String, isWhole: Bool, at now: ContinuousClock.Instant) {
        guard let entry = entries[name], case .looking(let attempt) = entry.phase else { return }
        guard !isWhole, attempt < times.retries.count else {
            entries[name] = nil
            return
        }
        entries[name]?.phase = .incomplete(due: now + times.retries[attempt], attempt: attempt + 1)
    }

    private mutating func put(_ name: String, _ phase: Phase) {
        order += 1
        var isAnother = entries[name]?.isAnother ?? false
        if case .vanished = entries[name]?.phase { isAnother = true }
        entries[name] = Entry(phase: phase, isAnother: isAnother, order: order)
    }

    // MARK: What is due

    /// When something is due next.
    package var deadline: ContinuousClock.Instant? { entries.values.lazy.compactMap { Self.due($0.phase) }.min() }

    /// Hands out what is due, in the order of the last events. What has vanished comes last: a look at what it was
    /// renamed to comes first.
    package mutating func takeDue(at now: ContinuousClock.Instant) -> [Due] {
        let due = entries.filter { entry in Self.due(entry.value.phase).map { $0 <= now } ?? false }
        var looks: [Due] = []
        var losses: [Due] = []
        for (name, entry) in due.sorted(by: { $0.value.order < $1.value.order }) {
            switch entry.phase {
            case .vanished:
                entries[name] = nil
                losses.append(Due(name: name, matter: .vanished))
            case .restless:
                looks.append(handOut(name, entry, attempt: 0))
            case .incomplete(_, let attempt):
                looks.append(handOut(name, entry, attempt: attempt))
            case .looking:
                break
            }
        }
        return looks + losses
    }

    private mutating func handOut(_ name: String, _ entry: Entry, attempt: Int) -> Due {
        entries[name] = Entry(phase: .looking(attempt: attempt), isAnother: false, order: entry.order)
        return Due(name: name, matter: .look(isLast: attempt >= times.retries.count), isAnother: entry.isAnother)
    }

    private static func due(_ phase: Phase) -> ContinuousClock.Instant? {
        switch phase {
        case .restless(_, let due), .vanished(let due), .incomplete(let due, _): due
        case .looking: nil
        }
    }
}
