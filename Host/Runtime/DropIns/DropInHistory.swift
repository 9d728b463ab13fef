import DropIn
import HostAPI
import Manifests
import Store

/// What is known of a copy from before settles some cases that look new. Pure.
enum DropInHistory {
    /// The record of a copy that is no wish of the user's though its content or its place on the disk has changed.
    ///
    /// - A file in a copy was edited, and its version is the same: it does not come back if it was uninstalled, nor take
    ///   the place of another version that the user has installed since.
    /// - The whole root directory was copied or restored: what was ignored in it stays so.
    ///
    /// - Parameters:
    ///   - copy: As it was found.
    ///   - isAnother: What had its name before has vanished.
    ///   - isAtStart: Nobody saw how it came there.
    ///   - situation: What is installed, or was uninstalled.
    ///   - rows: All that is known of `plugins.d`.
    /// - Returns: The record as it is from now on; nil: the policy decides.
    static func unchangedWish(
        _ copy: DropInCopy,
        isAnother: Bool,
        isAtStart: Bool,
        _ situation: DropInSituation,
        _ rows: [DropInRecord]
    ) -> DropInRecord? {
        guard situation.known == nil, case .package(let id, let version, _) = copy.content,
            var before = rows.first(where: { $0.name == copy.name && $0.plugin == id.text }),
            before.version == version.description
        else { return nil }
        let isInPlace =
            before.inode == copy.identity.inode && before.born == copy.identity.bornNanoseconds && !isAnother
        let isRestored = isAtStart && before.packageHash == copy.identity.packageHash
        guard isInPlace || isRestored else { return nil }
        switch before.state {
        case .ignored where situation.hasTombstone: break
        case .installed where isInPlace:
            let isSuperseded = situation.installed.map { $0.version != version } ?? situation.hasTombstone
            guard isSuperseded else { return nil }
        default: return nil
        }
        before.device = copy.identity.device
        before.inode = copy.identity.inode
        before.born = copy.identity.bornNanoseconds
        before.packageHash = copy.identity.packageHash
        return before
    }
}
