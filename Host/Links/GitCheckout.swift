/// What an author's directory is a checkout of.
package struct GitCheckout: Sendable, Equatable {
    /// Nil: no branch, but the commit itself is checked out.
    package var branch: String?
    /// Nil: nothing was committed on the branch yet.
    package var commit: String?
    /// Where the branch comes from, without a user's name and password; nil: from nowhere.
    package var remote: String?

    package init(branch: String?, commit: String?, remote: String?) {
        self.branch = branch
        self.commit = commit
        self.remote = remote
    }

    /// What came of looking.
    package enum Outcome: Sendable, Equatable {
        case checkout(GitCheckout)
        /// The directory belongs to no repository.
        case none
        /// Why it cannot be told; a sentence.
        case unknown(String)

        /// Nil where nothing can be shown.
        package var checkout: GitCheckout? {
            guard case .checkout(let checkout) = self else { return nil }
            return checkout
        }
    }

    /// Reads git's own files, without running git.
    ///
    /// - Parameter directory: Absolute; anywhere in a checkout.
    /// - Returns: What it is a checkout of.
    package static func read(_ directory: String) -> Outcome {
        var files = GitFiles()
        return GitReader.read(directory, &files)
    }
}
