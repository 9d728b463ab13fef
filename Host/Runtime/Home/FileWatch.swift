import DropIn
import Glibc
import HostAPI
import Synchronization

/// Tells when one file has been written, replaced, removed or made, once it has been left alone for a moment.
final class FileWatch: Sendable {
    /// Without an event, before a write counts as done.
    private static let quiet: Duration = .milliseconds(300)
    /// Events may be missed: on a network's file system, or where the directory itself is exchanged.
    private static let pace: Duration = .seconds(30)

    private struct State: ~Copyable {
        let inotify: Inotify
        var due: ContinuousClock.Instant?
        var seen: [Int]?
    }

    private final class Core: Sendable {
        let path: String
        let directory: String
        let name: String
        let state: Mutex<State>

        init(_ path: String, _ inotify: consuming sending Inotify) {
            self.path = path
            let slash = path.lastIndex(of: "/") ?? path.startIndex
            directory = slash == path.startIndex ? "/" : String(path[..<slash])
            name = String(path[path.index(after: slash)...])
            state = Mutex(State(inotify: inotify, seen: Self.look(path)))
        }

        /// What tells one content of a file from another without reading it; nil if there is no file.
        static func look(_ path: String) -> [Int]? {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            return [
                Int(status.st_dev), Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec,
                status.st_mtim.tv_nsec,
            ]
        }

        func turn(at now: ContinuousClock.Instant) -> (isChanged: Bool, next: ContinuousClock.Instant) {
            state.withLock { state in
                let events = Inotify.mask(IN_CREATE, IN_MODIFY, IN_CLOSE_WRITE, IN_MOVED_TO, IN_DELETE, IN_MOVED_FROM)
                _ = state.inotify.add(directory, for: events)
                let isMeant = state.inotify.read().contains { $0.name == name || $0.name.isEmpty }
                if isMeant { state.due = now + FileWatch.quiet }
                if let due = state.due, due > now { return (false, due) }
                state.due = nil
                let stamp = Self.look(path)
                defer { state.seen = stamp }
                return (stamp != state.seen, now + FileWatch.pace)
            }
        }
    }

    private let thread: WaitingThread

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - path: Absolute. The file need not be there.
    ///   - handler: Called on the watch's thread.
    /// - Throws: `internal` if the system lets nobody watch anything.
    init(_ path: String, handler: @escaping @Sendable () -> Void) throws(Failure) {
        let inotify = try Inotify()
        let descriptor = inotify.descriptor
        let core = Core(path, inotify)
        thread = try WaitingThread(named: "home-file", descriptor: descriptor) {
            let (isChanged, next) = core.turn(at: .now)
            if isChanged { handler() }
            return next
        }
    }

    deinit { thread.stop() }
}
