/// How much of the drop-in directory is watched. What goes beyond is looked at now and then, and only that.
package struct WatchLimits: Sendable {
    /// Of all entries together.
    package var directories = 10_000
    /// Of one entry: a large one takes nothing from the others.
    package var directoriesOfEntry = 2_000
    /// How many names of one entry are read to find its directories.
    package var namesOfEntry = 20_000
    /// How many files and directories of one entry are asked whether they have changed.
    package var stampsOfEntry = 2_000
    package var depth = 8

    package init() {}
}

/// Why something is not watched.
enum WatchObstacle: Equatable {
    case depth(String)
    case directories
    case directoriesOfEntry(String)
    case namesOfEntry(String)
    case system

    /// A part of a sentence.
    func reason(_ limits: WatchLimits) -> String {
        switch self {
        case .depth(let path): "\(path) lies more than \(limits.depth) directories deep"
        case .directories: "there are more than \(limits.directories) directories"
        case .directoriesOfEntry(let name): "\(name) holds more than \(limits.directoriesOfEntry) directories"
        case .namesOfEntry(let name): "\(name) holds more than \(limits.namesOfEntry) files"
        case .system: "the system's limit, /proc/sys/fs/inotify/max_user_watches, is reached"
        }
    }
}
