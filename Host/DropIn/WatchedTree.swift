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
    }

    struct Limits {
        var watches = 10_000
        var depth = 8
    }

    static let events =
        Inotify.mask(IN_CREATE, IN_MODIFY, IN_CLOSE_WRITE, IN_ATTRIB, IN_MOVED_FROM, IN_MOVED_TO, IN_DELETE)
        | Inotify.mask(IN_DELETE_SELF, IN_MOVE_SELF, IN_EXCL_UNLINK, IN_ONLYDIR)

    let inotify: Inotify
    private let limits: Limits
    private var places: [Int32: [Place]] = [:]
    private var watchesOfName: [String: Set<Int32>] = [:]
    /// Why some directory is not watched; nil: all are.
    private(set) var obstacle: String?

    init(inotify: consuming Inotify, limits: Limits) {
        self.inotify = inotify
        self.limits = limits
    }

    var count: Int { places.count }
    var isFull: Bool { places.count >= limits.watches }

    subscript(watch: Int32) -> [Place] { places[watch] ?? [] }

    /// Watches a directory and those below it.
    ///
    /// - Returns: false if it cannot be watched; it is gone, or is no directory.
    @discardableResult
    mutating func add(_ place: Place) -> Bool {
        guard place.depth <= limits.depth else {
            obstacle = "\(place.path) lies more than \(limits.depth) directories deep"
            return false
        }
        guard !isFull else {
            obstacle = "there are more than \(limits.watches) directories"
            return false
        }
        // A link in the directory itself is followed, as a plugin's directory may be one; a link inside of a package is not.
        let flags = place.depth > 1 ? UInt32(IN_DONT_FOLLOW) : 0
        guard let watch = inotify.add(place.path, for: Self.events | flags) else {
            if errno == ENOSPC { obstacle = "the system's limit, /proc/sys/fs/inotify/max_user_watches, is reached" }
            return false
        }
        guard places[watch]?.contains(place) != true else { return true }
        places[watch, default: []].append(place)
        if let name = place.name { watchesOfName[name, default: []].insert(watch) }
        for child in DirectoryListing.directories(in: place.path, isFollowingLinks: place.depth == 0) {
            guard let below = Self.below(place, child) else { continue }
            add(below)
        }
        return true
    }

    /// The place of an entry of a watched directory; nil if nobody asks for it.
    static func below(_ place: Place, _ entry: String) -> Place? {
        guard place.name != nil || EntryName.isWanted(entry) else { return nil }
        return Place(name: place.name ?? entry, path: "\(place.path)/\(entry)", depth: place.depth + 1)
    }

    /// Ends the watches on what was at that place and below it.
    mutating func remove(_ gone: Place) {
        guard let name = gone.name else { return removeAll() }
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
        obstacle = nil
    }

    private mutating func set(_ kept: [Place], for watch: Int32, of name: String) {
        places[watch] = kept.isEmpty ? nil : kept
        guard !kept.contains(where: { $0.name == name }) else { return }
        watchesOfName[name]?.remove(watch)
        if watchesOfName[name]?.isEmpty == true { watchesOfName[name] = nil }
    }
}
