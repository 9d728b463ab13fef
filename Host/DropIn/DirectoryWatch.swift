internal import Glibc
package import HostAPI
internal import Manifests

/// What was seen in a watched directory.
package enum DirectoryChange: Sendable, Equatable {
    /// The entry of that name, or something below it, was made or written to.
    case changed(String)
    /// It came by renaming, and so is complete as far as the one who did that knows.
    case renamedIn(String)
    case vanished(String)
    /// The entry of that name is not watched in full: it has to be looked at now and then, and that is now.
    case unwatched(String)
    /// Something was missed, or nothing can be watched: all of it has to be looked at.
    case everything
}

/// Watches a directory and everything below it. Belongs to one thread, which waits until `descriptor` is readable or
/// `nextTurn` has come, and then calls `changes`.
package struct DirectoryWatch: ~Copyable {
    /// How often to look where watching does not do.
    package struct Pace: Sendable {
        /// At what cannot be watched.
        package var limited: Duration = .seconds(10)
        /// While the directory is not there.
        package var absent: Duration = .seconds(1)

        package init() {}
    }

    private let path: String
    private let pace: Pace
    private let limits: WatchLimits
    private let stop: StopFlag
    private var tree: WatchedTree
    /// Entries that are not watched in full, and in which something has happened: they may have become smaller.
    private var restless: Set<String> = []
    private var isPresent = true
    private var isOpened = false
    /// When `changes` has to be called though nothing is readable.
    package private(set) var nextTurn: ContinuousClock.Instant?

    /// - Throws: `internal` if the system lets nobody watch anything.
    package init(
        _ path: String,
        limits: WatchLimits = WatchLimits(),
        pace: Pace = Pace(),
        stop: StopFlag = StopFlag()
    ) throws(Failure) {
        self.path = path
        self.pace = pace
        self.limits = limits
        self.stop = stop
        tree = WatchedTree(inotify: try Inotify(), limits: limits, stop: stop)
    }

    package var descriptor: Int32 { tree.inotify.descriptor }

    /// How many directories are watched.
    package var count: Int { tree.count }

    /// Why not all of it is watched, a part of a sentence; nil: it is.
    package var obstacle: String? {
        let first = tree.obstacles.min { $0.key < $1.key }?.value
        return (tree.ownObstacle ?? first)?.reason(limits)
    }

    /// What has changed since the last call; the first one says `everything`. Does not wait.
    package mutating func changes(at now: ContinuousClock.Instant) -> [DirectoryChange] {
        var changes: [DirectoryChange] = []
        if !isOpened {
            isOpened = true
            changes += rebuild()
        }
        for event in tree.inotify.read() {
            guard !stop.isStopped else { return [] }
            changes += absorb(event)
        }
        if let nextTurn, nextTurn <= now { changes += turn() }
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
        if place.depth == 1, event.name == PackageDirectory.manifestName {
            reconsider(place)
        } else if place.isManifestOnly {
            return []
        }
        guard let entry = WatchedTree.below(place, event.name), let name = entry.name else { return [] }
        let isGone = event.has(IN_DELETE) || event.has(IN_MOVED_FROM)
        let isNew = event.has(IN_CREATE) || event.has(IN_MOVED_TO)
        // A link in the directory itself may lead to a directory though the event does not say so.
        if isGone || isNew, event.has(IN_ISDIR) || place.name == nil { tree.remove(entry) }
        if isNew, event.has(IN_ISDIR) || place.name == nil { tree.add(entry) }
        if tree.obstacles[name] != nil { restless.insert(name) }
        guard place.name == nil else { return [.changed(name)] }
        if isGone { return [.vanished(name)] }
        return event.has(IN_MOVED_TO) ? [.renamedIn(name)] : [.changed(name)]
    }

    /// What a link leads to has got a manifest, or lost it.
    private mutating func reconsider(_ place: WatchedTree.Place) {
        guard (EntryReach(of: place.path) == .manifestOnly) != place.isManifestOnly else { return }
        tree.remove(place)
        tree.add(place)
    }

    /// Begins anew: events were lost, or the directory is another one.
    private mutating func rebuild() -> [DirectoryChange] {
        tree.removeAll()
        restless.removeAll()
        isPresent = tree.add(WatchedTree.Place(name: nil, path: path, depth: 0))
        return [.everything]
    }

    private mutating func turn() -> [DirectoryChange] {
        nextTurn = nil
        guard isPresent else {
            let changes = rebuild()
            return isPresent || tree.isLimited ? changes : []
        }
        let limited = tree.obstacles.sorted { $0.key < $1.key }
        for (name, obstacle) in limited where mayFit(name, obstacle) {
            let entry = WatchedTree.Place(name: name, path: "\(path)/\(name)", depth: 1)
            tree.remove(entry)
            tree.add(entry)
        }
        restless.removeAll()
        return limited.map { .unwatched($0.key) }
    }

    /// Whether it is worth while to try once more to watch all of an entry.
    private func mayFit(_ name: String, _ obstacle: WatchObstacle) -> Bool {
        switch obstacle {
        case .depth, .directoriesOfEntry, .namesOfEntry: restless.contains(name)
        case .directories: !tree.isFull
        case .system: true
        }
    }

    private mutating func plan(from now: ContinuousClock.Instant) {
        if tree.isLimited {
            nextTurn = nextTurn ?? now + pace.limited
        } else {
            nextTurn = isPresent ? nil : now + pace.absent
        }
    }
}
