internal import Glibc
internal import HostAPI
internal import Synchronization

/// What a `DropInWatch` knows, and what it makes of it turn by turn.
final class DropInWatchCore: Sendable {
    private struct State: ~Copyable {
        var watch: DirectoryWatch
        var settling: Settling
        /// What was there, as it was then; nil: has to be looked at again.
        var seen: [String: CopyStamp?] = [:]
        var isStarted = false
        var mustScan = false
        /// Why the directory cannot be read.
        var problem: Failure?
        /// The problem in the last news.
        var told: Failure?
    }

    private let directory: String
    private let pace: DirectoryWatch.Pace
    private let limits: WatchLimits
    private let stop: StopFlag
    private let state: Mutex<State>

    init(
        directory: String,
        watch: consuming sending DirectoryWatch,
        settling: Settling,
        pace: DirectoryWatch.Pace,
        limits: WatchLimits,
        stop: StopFlag
    ) {
        self.directory = directory
        self.pace = pace
        self.limits = limits
        self.stop = stop
        state = Mutex(State(watch: watch, settling: settling))
    }

    func looked(at name: String, isWhole: Bool) {
        state.withLock { $0.settling.looked(at: name, isWhole: isWhole, at: .now) }
    }

    func forgetWhatWasSeen() {
        state.withLock { state in
            for name in state.seen.keys { state.seen[name] = .some(nil) }
            state.mustScan = true
        }
    }

    /// One turn of the thread.
    ///
    /// - Returns: The news, if there are any, and when the next turn has to be.
    func turn(at now: ContinuousClock.Instant) -> (DropInNews?, ContinuousClock.Instant?) {
        state.withLock { state in
            var news = DropInNews()
            for change in state.watch.changes(at: now) { absorb(change, at: now, &state) }
            if state.mustScan || state.problem != nil { scan(at: now, &state, &news) }
            news.due = takeDue(at: now, &state)
            news.problem = state.problem ?? limitation(state.watch.obstacle)
            let isNews = !news.due.isEmpty || news.isAtStart || news.problem != state.told
            state.told = news.problem
            let again = state.problem.map { _ in now + pace.absent }
            let next = [state.watch.nextTurn, state.settling.deadline, again].compactMap(\.self).min()
            return (isNews ? news : nil, next)
        }
    }

    private func absorb(_ change: DirectoryChange, at now: ContinuousClock.Instant, _ state: inout State) {
        switch change {
        case .changed(let name): state.settling.changed(name, at: now)
        case .renamedIn(let name): state.settling.renamedIn(name, at: now)
        case .vanished(let name): state.settling.vanished(name, at: now)
        case .unwatched(let name):
            if DropInScan.entry(name, in: directory) != nil { compare(name, at: now, &state) }
        case .everything: state.mustScan = true
        }
    }

    private func limitation(_ obstacle: String?) -> Failure? {
        obstacle.map { reason in
            Failure(
                .internalError,
                "not all of the drop-in directory \(directory) can be watched: \(reason)",
                hint: "what is not watched is looked at every 10 s instead"
            )
        }
    }

    /// Compares what is there with what was there.
    private func scan(at now: ContinuousClock.Instant, _ state: inout State, _ news: inout DropInNews) {
        state.mustScan = false
        let names: [String]
        do throws(Failure) {
            names = try DropInScan.entries(in: directory).map(\.name)
            state.problem = nil
        } catch {
            state.problem = error
            return
        }
        for name in names {
            guard !stop.isStopped else { return }
            compare(name, at: now, &state)
        }
        let present = Set(names)
        for name in state.seen.keys where !present.contains(name) { state.settling.vanished(name, at: now) }
        news.isAtStart = !state.isStarted
        state.isStarted = true
    }

    private func compare(_ name: String, at now: ContinuousClock.Instant, _ state: inout State) {
        let seen = state.seen[name]
        let stamp = stamp(name)
        if !state.isStarted || seen == .some(.none) {
            state.settling.renamedIn(name, at: now)
        } else if seen != stamp {
            state.settling.changed(name, at: now)
        }
        // The next look asks whether it has changed since this one.
        state.seen[name] = stamp
    }

    private func stamp(_ name: String) -> CopyStamp? {
        CopyStamp("\(directory)/\(name)", limit: limits.stampsOfEntry, stop: stop)
    }

    private func takeDue(at now: ContinuousClock.Instant, _ state: inout State) -> [Settling.Due] {
        state.settling.takeDue(at: now).compactMap { due in
            switch due.matter {
            case .vanished:
                return state.seen.removeValue(forKey: due.name) == nil ? nil : due
            case .look:
                // Before the caller looks, so that what is written meanwhile shows.
                if DropInScan.entry(due.name, in: directory) != nil {
                    state.seen[due.name] = stamp(due.name)
                    return due
                }
                state.settling.looked(at: due.name, isWhole: true, at: now)
                guard state.seen.removeValue(forKey: due.name) != nil else { return nil }
                return Settling.Due(name: due.name, matter: .vanished)
            }
        }
    }
}
