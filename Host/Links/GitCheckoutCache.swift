internal import Synchronization

/// What linked directories are checkouts of, remembered as long as git's files stay as they are: a few calls of stat
/// tell, and nothing is read.
package final class GitCheckoutCache: Sendable {
    private struct Entry {
        var outcome: GitCheckout.Outcome
        var files: GitFiles
    }

    /// More directories than anybody links.
    private static let capacity = 1_000

    private let state = Mutex<(entries: [String: Entry], reads: Int)>(([:], 0))

    package init() {}

    /// How many files were opened so far.
    package var reads: Int { state.withLock { $0.reads } }

    /// What the directory is a checkout of, now.
    ///
    /// - Parameter directory: Absolute.
    /// - Returns: As `GitCheckout.read` has it.
    package func outcome(of directory: String) -> GitCheckout.Outcome {
        if let entry = state.withLock({ $0.entries[directory] }), entry.files.isCurrent() { return entry.outcome }
        var files = GitFiles()
        let entry = Entry(outcome: GitReader.read(directory, &files), files: files)
        state.withLock { state in
            if state.entries.count >= Self.capacity { state.entries.removeAll() }
            state.entries[directory] = entry
            state.reads += files.reads
        }
        return entry.outcome
    }

    /// Forgets a directory that is linked no more.
    package func forget(_ directory: String) {
        state.withLock { _ = $0.entries.removeValue(forKey: directory) }
    }
}
