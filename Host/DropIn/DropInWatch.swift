internal import Glibc
package import HostAPI

/// What the drop-in directory has to say.
package struct DropInNews: Sendable, Equatable {
    /// In the order in which it is to be handled.
    package var due: [Settling.Due] = []
    /// These are all that lay there when the host started: what was known then and is not among them has vanished.
    package var isAtStart = false
    /// The directory cannot be read, or not all of it be watched; the host goes on. As long as that lasts all news
    /// say so, and when it is over there are news without it.
    package var problem: Failure?

    package init(due: [Settling.Due] = [], isAtStart: Bool = false, problem: Failure? = nil) {
        self.due = due
        self.isAtStart = isAtStart
        self.problem = problem
    }
}

/// Watches the drop-in directory on a thread of its own, and tells of an entry once it has settled.
package final class DropInWatch: Sendable {
    private let core: DropInWatchCore
    private let stopFlag: StopFlag
    private let thread: WaitingThread

    /// Starts to watch. The first news are what lies there now.
    ///
    /// - Parameters:
    ///   - directory: Need not be there; that it is not is told as a problem.
    ///   - times: When an entry counts as settled.
    ///   - pace: How often to look where watching does not do.
    ///   - limits: How much is watched.
    ///   - handler: Called on the watch's thread. Every `look` is answered by `looked`.
    /// - Throws: `internal` if the system lets nobody watch anything.
    package init(
        _ directory: String,
        times: Settling.Times = Settling.Times(),
        pace: DirectoryWatch.Pace = DirectoryWatch.Pace(),
        limits: WatchLimits = WatchLimits(),
        handler: @escaping @Sendable (DropInNews) -> Void
    ) throws(Failure) {
        let stopFlag = StopFlag()
        self.stopFlag = stopFlag
        let watch = try DirectoryWatch(directory, limits: limits, pace: pace, stop: stopFlag)
        let descriptor = watch.descriptor
        let core = DropInWatchCore(
            directory: directory,
            watch: watch,
            settling: Settling(times: times),
            pace: pace,
            limits: limits,
            stop: stopFlag
        )
        self.core = core
        thread = try WaitingThread(named: "drop-in", descriptor: descriptor) {
            let (news, next) = core.turn(at: .now)
            if let news { handler(news) }
            return next
        }
    }

    deinit { stop() }

    /// Ends it. No news come after this.
    package func stop() {
        stopFlag.stop()
        thread.stop()
    }

    /// An entry that was due has been looked at. Without this, one that is not whole is looked at again only after the
    /// next event.
    package func looked(at name: String, isWhole: Bool) {
        core.looked(at: name, isWhole: isWhole)
        if !isWhole { thread.wake() }
    }

    /// Makes every entry due now, for a pass that was asked for.
    package func lookAtEverything() {
        core.forgetWhatWasSeen()
        thread.wake()
    }
}
