internal import DropIn
internal import Glibc
internal import HostAPI
internal import Manifests
internal import Synchronization

/// What a `LinkWatch` knows, and what it makes of it turn by turn.
final class LinkWatchCore: Sendable {
    private static let events =
        Inotify.mask(IN_CREATE, IN_MODIFY, IN_CLOSE_WRITE, IN_MOVED_TO, IN_DELETE, IN_MOVED_FROM)
        | Inotify.mask(IN_DELETE_SELF, IN_MOVE_SELF, IN_ONLYDIR)

    private struct State: ~Copyable {
        let inotify: Inotify
        /// The code's possible names, and what leads to it.
        var names: Set<String> = []
        /// When a look is due.
        var due: ContinuousClock.Instant?
        /// Of the content that was told of last.
        var print: ContentPrint?
        var problem: Failure?
        var isStarted = false
    }

    private let directory: String
    private let isFirstNews: Bool
    private let times: LinkWatch.Times
    private let state: Mutex<State>

    init(directory: String, isFirstNews: Bool, times: LinkWatch.Times, inotify: consuming sending Inotify) {
        self.directory = directory
        self.isFirstNews = isFirstNews
        self.times = times
        state = Mutex(State(inotify: inotify))
    }

    /// One turn of the thread.
    ///
    /// - Returns: The news, if there are any, and when the next turn has to be.
    func turn(at now: ContinuousClock.Instant) -> (LinkWatch.News?, ContinuousClock.Instant?) {
        state.withLock { state in
            if state.inotify.read().contains(where: { Self.matters($0, state.names) }) { state.due = now + times.quiet }
            guard !state.isStarted || state.due.map({ $0 <= now }) ?? false else { return (nil, state.due) }
            state.due = nil
            let news = look(at: now, &state)
            return (news, state.due)
        }
    }

    /// Whether an event has to do with the manifest, the code, or a directory on the way to it.
    private static func matters(_ event: Inotify.Event, _ names: Set<String>) -> Bool {
        event.name.isEmpty || event.has(IN_Q_OVERFLOW) || names.contains(event.name)
    }

    private func look(at now: ContinuousClock.Instant, _ state: inout State) -> LinkWatch.News? {
        // Before the files are read, so that what is written meanwhile shows.
        watch(&state)
        let isFirst = !state.isStarted
        state.isStarted = true
        do throws(Failure) {
            let linked = try LinkedPackage.resolve(directory)
            state.names = Self.names(of: linked.manifest.entry)
            guard ELFExtent.state(of: linked.codePath) != .incomplete,
                let print = ContentPrint(of: [linked.manifestPath, linked.codePath])
            else {
                state.due = now + times.missing
                return nil
            }
            state.problem = nil
            guard print != state.print else { return nil }
            state.print = print
            return isFirst && !isFirstNews ? nil : .changed(linked)
        } catch {
            if state.names.isEmpty { state.names = Self.names(of: nil) }
            state.due = now + times.missing
            guard state.problem != error else { return nil }
            state.problem = error
            return .broken(error)
        }
    }

    /// Watches the directory, where builds leave the code, and what is between. What is watched already stays so.
    private func watch(_ state: inout State) {
        var places: Set<String> = [directory]
        for place in LinkedPackage.buildDirectories {
            places.insert("\(directory)/\(place)")
            if let slash = place.firstIndex(of: "/") { places.insert("\(directory)/\(place[..<slash])") }
        }
        for place in places { _ = state.inotify.add(place, for: Self.events) }
    }

    private static func names(of entry: String?) -> Set<String> {
        let parts = LinkedPackage.buildDirectories.flatMap { $0.split(separator: "/").map(String.init) }
        return Set(parts + [PackageDirectory.manifestName] + (entry.map(LinkedPackage.names) ?? []))
    }
}

/// A print of files' contents: tells builds of one author apart, who is not attacking himself. It holds for this run of
/// the host only.
private struct ContentPrint: Equatable {
    private let value: Int

    /// Nil if one of them cannot be read.
    init?(of paths: [String]) {
        var hasher = Hasher()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        for path in paths {
            guard let file = fopen(path, "re") else { return nil }
            defer { fclose(file) }
            var total = 0
            while true {
                let count = fread(&buffer, 1, buffer.count, file)
                buffer.withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                total += count
                if count == 0 { break }
            }
            guard ferror(file) == 0 else { return nil }
            hasher.combine(total)
        }
        value = hasher.finalize()
    }
}
