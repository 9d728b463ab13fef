package import HostAPI

/// What has to be looked at again: each key once, however often it is asked for, and never twice at one time. A key that
/// is asked for while it is worked on comes again afterwards.
package struct DirtySet<Key: Hashable & Sendable>: Sendable {
    private var ready = Queue()
    /// Keys that wait for their time, and which time.
    private var waiting: [Key: Timestamp] = [:]
    /// The same by time. Entries that `waiting` does not confirm any more are passed over.
    private var timetable = Timetable<Key>()
    private var processing: Set<Key> = []
    /// Asked for while they were worked on, and from when on they are due.
    private var again: [Key: Timestamp?] = [:]

    package init() {}

    /// Nothing is due, waits or is worked on.
    package var isEmpty: Bool { ready.isEmpty && waiting.isEmpty && processing.isEmpty }

    /// Asks for a key.
    ///
    /// - Parameters:
    ///   - key: It is taken once, at the earliest moment that was asked for.
    ///   - moment: Not before then; nil: at once.
    package mutating func add(_ key: Key, notBefore moment: Timestamp? = nil) {
        if processing.contains(key) {
            again[key] = again[key].map { earlier($0, moment) } ?? .some(moment)
        } else if !ready.contains(key) {
            enter(key, notBefore: moment)
        }
    }

    private mutating func enter(_ key: Key, notBefore moment: Timestamp?) {
        guard let moment else {
            waiting[key] = nil
            ready.append(key)
            return
        }
        if let earlier = waiting[key], earlier <= moment { return }
        waiting[key] = moment
        timetable.insert(key, at: moment)
    }

    private func earlier(_ left: Timestamp?, _ right: Timestamp?) -> Timestamp? {
        guard let left, let right else { return nil }
        return min(left, right)
    }

    /// The key that is due longest; whoever takes it says so with `finish` at the end.
    package mutating func take(at now: Timestamp) -> Key? {
        while let (key, moment) = timetable.first, moment <= now || waiting[key] != moment {
            timetable.removeFirst()
            guard waiting[key] == moment else { continue }
            waiting[key] = nil
            ready.append(key)
        }
        guard let key = ready.popFirst() else { return nil }
        processing.insert(key)
        return key
    }

    /// The work on a key has ended.
    ///
    /// - Parameters:
    ///   - key: What `take` gave.
    ///   - moment: It is due again then; nil: only when it is asked for.
    package mutating func finish(_ key: Key, againAt moment: Timestamp? = nil) {
        guard processing.remove(key) != nil else { return }
        if let asked = again.removeValue(forKey: key) { add(key, notBefore: asked) }
        if let moment { add(key, notBefore: moment) }
    }

    /// When `take` has something to give: `now` or later; nil: only after an `add` or a `finish`.
    package mutating func nextDue(after now: Timestamp) -> Timestamp? {
        guard ready.isEmpty else { return now }
        while let (key, moment) = timetable.first {
            if waiting[key] == moment { return max(moment, now) }
            timetable.removeFirst()
        }
        return nil
    }
}

extension DirtySet {
    /// First in, first out, each key once.
    private struct Queue {
        private var keys: [Key] = []
        private var next = 0
        private var members: Set<Key> = []

        var isEmpty: Bool { members.isEmpty }

        func contains(_ key: Key) -> Bool { members.contains(key) }

        mutating func append(_ key: Key) {
            if members.insert(key).inserted { keys.append(key) }
        }

        mutating func popFirst() -> Key? {
            guard next < keys.count else { return nil }
            let key = keys[next]
            next += 1
            members.remove(key)
            if next * 2 >= keys.count {
                keys.removeFirst(next)
                next = 0
            }
            return key
        }
    }
}
