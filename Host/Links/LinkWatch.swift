internal import DropIn
package import HostAPI

/// Watches a linked plugin on a thread of its own, and tells of each build that changed it.
package final class LinkWatch: Sendable {
    /// What a build came to.
    package enum News: Sendable, Equatable {
        /// The manifest or the code has other content than before, and both are whole.
        case changed(LinkedPackage)
        /// It cannot be used as it is; said once.
        case broken(Failure)
    }

    package struct Times: Sendable {
        /// Without a write, before a build counts as done.
        package var quiet: Duration = .milliseconds(300)
        /// How often to look while something is missing.
        package var missing: Duration = .seconds(1)

        package init() {}
    }

    private let thread: WaitingThread

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - directory: The author's.
    ///   - isFirstNews: What is there now is news too, for a host that has just started.
    ///   - times: When a build counts as done.
    ///   - handler: Called on the watch's thread.
    /// - Throws: `internal` if the system lets nobody watch anything.
    package init(
        _ directory: String,
        isFirstNews: Bool = false,
        times: Times = Times(),
        handler: @escaping @Sendable (News) -> Void
    ) throws(Failure) {
        let inotify = try Inotify()
        let descriptor = inotify.descriptor
        let core = LinkWatchCore(directory: directory, isFirstNews: isFirstNews, times: times, inotify: inotify)
        thread = try WaitingThread(named: "link", descriptor: descriptor) {
            let (news, next) = core.turn(at: .now)
            if let news { handler(news) }
            return next
        }
    }

    deinit { thread.stop() }

    /// Ends it. No news come after this.
    package func stop() { thread.stop() }
}
