internal import Glibc

/// The watches on a directory and all directories below it, each with the top-level name that it belongs to.
///
/// One directory can belong to two names: where a symbolic link leads to its neighbour.
struct WatchedTree: ~Copyable {
    struct Place: Equatable {
        /// The name in the watched directory; nil for that directory itself.
        var name: String?
        var path: String
        var depth: Int
        /// Only a manifest that comes or goes matters here.
        var isManifestOnly = false
    }

    static let events =
        Inotify.mask(IN_CREATE, IN_MODIFY, IN_CLOSE_WRITE, IN_ATTRIB, IN_MOVED_FROM, IN_MOVED_TO, IN_DELETE)
        | Inotify.mask(IN_DELETE_SELF, IN_MOVE_SELF, IN_EXCL_UNLINK, IN_ONLYDIR)

    /// Added to what the directory is watched for already, which may be more under another name.
    private static let manifestEvents =
        Inotify.mask(IN_CREATE, IN_MOVED_FROM, IN_MOVED_TO, IN_DELETE, IN_DELETE_SELF, IN_MOVE_SELF)
        | Inotify.mask(IN_ONLYDIR, IN_MASK_ADD)

    let inotify: Inotify
    private let limits: WatchLimits
    private let stop: StopFlag
    private var places: [Int32: [Place]] = [:]
    private var watchesOfName: [String: Set<Int32>] = [:]
    /// The entries that are not watched in full.
    private(set) var obstacles: [String: WatchObstacle] = [:]
    /// Why not even the directory itself is watched.
    private(set) var ownObstacle: WatchObstacle?

    init(inotify: consuming Inotify, limits: WatchLimits, stop: StopFlag) {
        self.inotify = inotify
        self.limits = limits
        self.stop = stop
    }

    var count: Int { places.count }
    var isFull: Bool { places.count >= limits.directories }
    /// Something is not watched.
    var isLimited: Bool { ownObstacle != nil || !obstacles.isEmpty }

    subscript(watch: Int32) -> [Place] { places[watch] ?? [] }

    // MARK: Adding

    /// Watches a directory and those below it.
    ///
    /// - Returns: false if it is not watched: it is gone, or is no directory, or was watched already.
    @discardableResult
    mutating func add(_ place: Place) -> Bool {
        var place = place
        // A link in the directory itself is followed, as a plugin's directory may be one.
        if place.depth == 1 {
            let reach = EntryReach(of: place.path)
            guard reach != .nothing else { return false }
            place.isManifestOnly = reach == .manifestOnly
        }
        guard watch(place) else { return false }
        guard place.name != nil else {
            let names = DirectoryListing.candidates(in: place.path, withLinks: true, limit: .max).names
            for entry in names.lazy.compactMap({ Self.below(place, $0) }) { add(entry) }
            return true
        }
        if !place.isManifestOnly { addWhatIsBelow(place) }
        return true
    }

    /// The directories near the top first: if not all can be watched, they matter most.
    private mutating func addWhatIsBelow(_ top: Place) {
        var queue = [top]
        var next = 0
        var namesLeft = limits.namesOfEntry
        while next < queue.count, !stop.isStopped {
            let place = queue[next]
            next += 1
            let found = DirectoryListing.candidates(in: place.path, withLinks: false, limit: namesLeft + 1)
            namesLeft -= found.read
            for child in found.names {
                if let below = Self.below(place, child), watch(below) { queue.append(below) }
            }
            guard namesLeft >= 0 else { return note(top.name.map(WatchObstacle.namesOfEntry), at: top) }
        }
    }

    /// Watches this directory alone.
    ///
    /// - Returns: Whether it was not watched before and is now.
    private mutating func watch(_ place: Place) -> Bool {
        guard !stop.isStopped else { return false }
        if let obstacle = obstacle(to: place) {
            note(obstacle, at: place)
            return false
        }
        // A link inside of a package is not followed.
        let events = place.isManifestOnly ? Self.manifestEvents : Self.events
        guard let watch = inotify.add(place.path, for: events | (place.depth > 1 ? UInt32(IN_DONT_FOLLOW) : 0)) else {
            if errno == ENOSPC { note(.system, at: place) }
            return false
        }
        guard places[watch]?.contains(place) != true else { return false }
        places[watch, default: []].append(place)
        if let name = place.name { watchesOfName[name, default: []].insert(watch) }
        return true
    }

    private func obstacle(to place: Place) -> WatchObstacle? {
        if place.depth > limits.depth { return .depth(place.path) }
        if isFull { return .directories }
        guard let name = place.name else { return nil }
        return watchesOfName[name]?.count ?? 0 >= limits.directoriesOfEntry ? .directoriesOfEntry(name) : nil
    }

    private mutating func note(_ obstacle: WatchObstacle?, at place: Place) {
        if let name = place.name { obstacles[name] = obstacle } else { ownObstacle = obstacle }
    }

    /// The place of an entry of a watched directory; nil if nobody asks for it.
    static func below(_ place: Place, _ entry: String) -> Place? {
        guard place.name != nil || EntryName.isWanted(entry) else { return nil }
        return Place(name: place.name ?? entry, path: "\(place.path)/\(entry)", depth: place.depth + 1)
    }

    // MARK: Removing

    /// Ends the watches on what was at that place and below it.
    mutating func remove(_ gone: Place) {
        guard let name = gone.name else { return removeAll() }
        if gone.depth == 1 { obstacles[name] = nil }
        for watch in watchesOfName[name] ?? [] {
            let kept = self[watch].filter { place in
                place.name != name || !(place.path == gone.path || place.path.hasPrefix(gone.path + "/"))
            }
            guard kept.count < self[watch].count else { continue }
            if kept.isEmpty { inotify.remove(watch) }
            set(kept, for: watch, of: name)
        }
    }

    /// The kernel has ended that watch.
    mutating func forget(_ watch: Int32) {
        for place in self[watch] {
            if let name = place.name { watchesOfName[name]?.remove(watch) }
        }
        places[watch] = nil
    }

    mutating func removeAll() {
        for watch in places.keys { inotify.remove(watch) }
        places.removeAll()
        watchesOfName.removeAll()
        obstacles.removeAll()
        ownObstacle = nil
    }

    private mutating func set(_ kept: [Place], for watch: Int32, of name: String) {
        places[watch] = kept.isEmpty ? nil : kept
        guard !kept.contains(where: { $0.name == name }) else { return }
        watchesOfName[name]?.remove(watch)
        if watchesOfName[name]?.isEmpty == true { watchesOfName[name] = nil }
    }
}
