/// What follows in a change from what has happened: pure, so that every order of events can be tried.
struct ChangeMachine: Sendable, Equatable {
    /// What a task means for the change as a whole.
    enum Nature: Sendable, Equatable {
        /// Before the commit point: it can be given up at any time.
        case preparing
        /// Once it is done, a crash finishes the change rather than undoing it.
        case commitPoint
        /// After the commit point: it is not interrupted, and its failure undoes the change.
        case carryingOut
        /// Watches what was done, and can be given up. The plugins have to run for it.
        case watching
        /// Removes what nobody needs. Its failure is remarked on, and undoes nothing.
        case tidying
    }

    enum State: Sendable, Equatable {
        case doing(Int)
        /// The task that failed is undone too: it may be half done.
        case undoing(Int)
        case done
        case undone
        /// Its rest waits for the host's next start.
        case left
    }

    enum Event: Sendable, Equatable {
        case taskDone
        case taskFailed
        /// The user does not want it any more.
        case aborted
        case hostEnds
    }

    let natures: [Nature]
    private(set) var state: State

    /// A change that begins.
    init(_ natures: [Nature]) {
        self.natures = natures
        state = natures.isEmpty ? .done : .doing(0)
    }

    /// A change that a crash has interrupted.
    init(_ natures: [Nature], isCommitted: Bool, isUndoing: Bool) {
        self.natures = natures
        state = .undone
        if isCommitted, !isUndoing {
            proceed(to: (natures.firstIndex(of: .commitPoint) ?? -1) + 1)
        } else {
            retreat(to: natures.count - 1)
        }
    }

    /// Whether a change can be given up while a task of that nature goes on.
    static func canAbort(_ nature: Nature) -> Bool { nature == .preparing || nature == .watching }

    mutating func handle(_ event: Event) {
        switch (state, event) {
        case (.doing(let index), .taskDone): proceed(to: index + 1)
        case (.doing(let index), .taskFailed):
            if natures[index] == .tidying { proceed(to: index + 1) } else { state = .undoing(index) }
        case (.doing(let index), .aborted): state = .undoing(index)
        case (.doing(let index), .hostEnds): state = isPastCommitPoint(index) ? .left : .undoing(index)
        case (.undoing(let index), .taskDone): retreat(to: index - 1)
        // What cannot be undone now is undone at the next start, when nothing runs that could be in the way.
        case (.undoing, .taskFailed): state = .left
        case (.undoing, .aborted), (.undoing, .hostEnds), (.done, _), (.undone, _), (.left, _): break
        }
    }

    private func isPastCommitPoint(_ index: Int) -> Bool { natures[..<index].contains(.commitPoint) }

    private mutating func proceed(to index: Int) {
        state = index < natures.count ? .doing(index) : .done
    }

    private mutating func retreat(to index: Int) {
        state = index >= 0 ? .undoing(index) : .undone
    }
}
