internal import Glibc
package import HostAPI

/// What was seen in a watched directory.
package enum DirectoryChange: Sendable, Equatable {
    /// The entry of that name, or something below it, was made or written to.
    case changed(String)
    /// It came by renaming, and so is complete as far as the one who did that knows.
    case renamedIn(String)
    case vanished(String)
    /// Something was missed, or cannot be watched: all of it has to be looked at.
    case everything
    /// Not all of it can be watched, for that reason; from now on `everything` comes every 10 s.
    case limited(String)
}

/// Watches a directory and everything below it. Belongs to one thread, which waits until `descriptor` is readable or
/// `nextTurn` has come, and then calls `changes`.
package struct DirectoryWatch: ~Copyable {
    /// How often to look where watching does not do.
    package struct Pace: Sendable {
        /// While not all of it can be watched.
        package var limited: Duration = .seconds(10)
        /// While the directory is not there.
        package var absent: Duration = .seconds(1)

        package init() {}
    }

    private let path: String
    private let pace: Pace
    private var tree: WatchedTree
    private var isLimited = false
    private var isPresent = true
    private var isOpened = false
    /// When `changes` has to be called though nothing is readable.
    package private(set) var nextTurn: ContinuousClock.Instant?

    /// - Throws: `internal` if the system lets nobody watch anything.
    package init(
        _ path: String,
        maximumWatches: Int = 10_000,
        maximumDepth: Int = 8,
        pace: Pace = Pace()
    ) throws(Failure) {
        self.path = path
        self.pace = pace
        let limits = WatchedTree.Limits(watches: maximumWatches, depth: maximumDepth)
        tree = WatchedTree(inotify: try Inotify(), limits: limits)
    }

    package var descriptor: Int32 { tree.inotify.descriptor }

    /// How many directories are watched.
    package var count: Int { tree.count }

    /// What has changed since the last call; the first one says `everything`. Does not wait.
    package mutating func changes(at now: ContinuousClock.Instant) -> [DirectoryChange] {
        var changes: [DirectoryChange] = []
        if !isOpened {
            isOpened = true
            changes += rebuild()
        }
        for event in tree.inotify.read() { changes += absorb(event) }
        if let nextTurn, nextTurn <= now { changes += turn() }
        if let obstacle = tree.obstacle, !isLimited {
            isLimited = true
            changes.append(.limited(obstacle))
        }
        plan(from: now)
        return changes
    }

    /// What one event means.
    mutating func absorb(_ event: Inotify.Event) -> [DirectoryChange] {
        if event.has(IN_Q_OVERFLOW) { return rebuild() }
        if event.has(IN_IGNORED) {
            let wasRoot = tree[event.watch].contains { $0.name == nil }
            tree.forget(event.watch)
            return wasRoot ? rebuild() : []
        }
        return tree[event.watch].flatMap { place in absorb(event, at: place) }
    }

    private mutating func absorb(_ event: Inotify.Event, at place: WatchedTree.Place) -> [DirectoryChange] {
        if place.name == nil, event.has(IN_DELETE_SELF) || event.has(IN_MOVE_SELF) { return rebuild() }
        guard !event.name.isEmpty else { return place.name.map { [.changed($0)] } ?? [] }
        guard let entry = WatchedTree.below(place, event.name), let name = entry.name else { return [] }
        let isGone = event.has(IN_DELETE) || event.has(IN_MOVED_FROM)
        let isNew = event.has(IN_CREATE) || event.has(IN_MOVED_TO)
        // A link in the directory itself may lead to a directory though the event does not say so.
        if isGone || isNew, event.has(IN_ISDIR) || place.name == nil { tree.remove(entry) }
        if isNew, event.has(IN_ISDIR) || place.name == nil { tree.add(entry) }
        guard place.name == nil else { return [.changed(name)] }
        if isGone { return [.vanished(name)] }
        return event.has(IN_MOVED_TO) ? [.renamedIn(name)] : [.changed(name)]
    }

    /// Begins anew: events were lost, or the directory is another one.
    private mutating func rebuild() -> [DirectoryChange] {
        tree.removeAll()
        isPresent = tree.add(WatchedTree.Place(name: nil, path: path, depth: 0))
        return [.everything]
    }

    private mutating func turn() -> [DirectoryChange] {
        nextTurn = nil
        if !isPresent {
            let changes = rebuild()
            return isPresent ? changes : []
        }
        // It may all fit by now.
        if isLimited, !tree.isFull { _ = rebuild() }
        isLimited = tree.obstacle != nil
        return [.everything]
    }

    private mutating func plan(from now: ContinuousClock.Instant) {
        if !isPresent {
            nextTurn = now + pace.absent
        } else if isLimited {
            nextTurn = nextTurn ?? now + pace.limited
        } else {
            nextTurn = nil
        }
    }
}
