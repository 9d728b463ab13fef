package import HostAPI
import Links

/// Says where the source of a linked directory stands.
package struct LinkedCheckouts: Sendable {
    private let cache = GitCheckoutCache()

    package init() {}

    package func describe(_ directory: String) -> LinkedDirectory {
        let checkout = cache.outcome(of: directory).checkout
        return LinkedDirectory(
            directory: directory,
            branch: checkout?.branch,
            commit: checkout?.commit,
            remote: checkout?.remote
        )
    }
}
