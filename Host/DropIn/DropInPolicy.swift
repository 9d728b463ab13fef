internal import HostAPI
package import Manifests

/// What to do about a copy in the drop-in directory.
package enum DropInDecision: Sendable, Equatable {
    case install
    /// It stays there unused; a sentence that says why and what to type.
    case ignore(String)
    /// The user has to agree to these permissions first.
    case needsConsent([String])
    case broken(String)
    /// It is not whole yet.
    case wait(String)
    /// It is known, and nothing is new.
    case nothing
}

/// A decision, and what is remembered.
package struct DropInVerdict: Sendable, Equatable {
    package var decision: DropInDecision
    /// Written instead of what was known; for `install` once that is done. Nil: what is known stays.
    package var row: DropInRow?

    package init(_ decision: DropInDecision, row: DropInRow? = nil) {
        self.decision = decision
        self.row = row
    }
}

/// What is known beside the copy itself.
package struct DropInSituation: Sendable, Equatable {
    /// The active version of the copy's plugin.
    package struct Installed: Sendable, Equatable {
        package var version: PluginVersion
        package var packageHash: String
        package var isPinned: Bool

        package init(version: PluginVersion, packageHash: String, isPinned: Bool) {
            self.version = version
            self.packageHash = packageHash
            self.isPinned = isPinned
        }
    }

    /// Another copy of the same plugin that is as new to the host as this one.
    package struct Rival: Sendable, Equatable {
        package var name: String
        package var version: PluginVersion

        package init(name: String, version: PluginVersion) {
            self.name = name
            self.version = version
        }
    }

    /// The row of this copy, as `DropInRow.known` finds it.
    package var known: DropInRow?
    package var installed: Installed?
    /// The plugin was uninstalled and must not come back by itself.
    package var hasTombstone: Bool
    /// At the start of the host only: which of them came last is not known then. Empty for what comes while it runs.
    package var rivals: [Rival]
    /// The user asked for one more attempt.
    package var isForced: Bool

    package init(
        known: DropInRow? = nil,
        installed: Installed? = nil,
        hasTombstone: Bool = false,
        rivals: [Rival] = [],
        isForced: Bool = false
    ) {
        self.known = known
        self.installed = installed
        self.hasTombstone = hasTombstone
        self.rivals = rivals
        self.isForced = isForced
    }
}

/// Decides about copies in the drop-in directory. A copy that *appears* is the user's wish; one that lies there is not.
package enum DropInPolicy {
    package static func verdict(_ copy: DropInCopy, _ situation: DropInSituation) -> DropInVerdict {
        switch copy.content {
        case .incomplete(let reason):
            return DropInVerdict(.wait(reason))
        case .broken(let reason):
            let row = row(copy, "", "", .refused, reason)
            return DropInVerdict(row == situation.known ? .nothing : .broken(reason), row: row)
        case .package(let id, let version, let farReaching):
            return verdict(copy, Candidate(id: id, version: version, farReaching: farReaching), situation)
        }
    }

    private struct Candidate {
        var id: PluginID
        var version: PluginVersion
        var farReaching: [String]
    }

    private static func verdict(
        _ copy: DropInCopy,
        _ candidate: Candidate,
        _ situation: DropInSituation
    ) -> DropInVerdict {
        let remember = { (state: DropInRow.State, message: String) in
            row(copy, candidate.id.text, candidate.version.description, state, message)
        }
        if let installed = situation.installed, installed.packageHash == copy.identity.packageHash {
            return DropInVerdict(.nothing, row: remember(.installed, ""))
        }
        if situation.hasTombstone, situation.known != nil {
            return told({ .ignore($0) }, remember(.ignored, uninstalled(copy, candidate)), situation)
        }
        switch situation.known?.state {
        case .installed, .ignored:
            return DropInVerdict(.nothing, row: renamed(copy, situation))
        case .failed where !situation.isForced:
            return DropInVerdict(.nothing, row: renamed(copy, situation))
        case .failed, .refused, .needsConsent, nil:
            break
        }
        if let installed = situation.installed, installed.isPinned {
            return told({ .ignore($0) }, remember(.refused, pinned(copy, candidate, to: installed.version)), situation)
        }
        if let winner = winner(over: copy, candidate, situation.rivals) {
            return told({ .ignore($0) }, remember(.ignored, beaten(copy, candidate, by: winner)), situation)
        }
        if !candidate.farReaching.isEmpty {
            let row = remember(.needsConsent, consent(copy, candidate))
            return told({ _ in .needsConsent(candidate.farReaching) }, row, situation)
        }
        return DropInVerdict(.install, row: remember(.installed, ""))
    }

    /// The rival that is used instead at the start: the highest version, of equal ones the first by name.
    private static func winner(
        over copy: DropInCopy,
        _ candidate: Candidate,
        _ rivals: [DropInSituation.Rival]
    ) -> DropInSituation.Rival? {
        let own = DropInSituation.Rival(name: copy.name, version: candidate.version)
        let best = ([own] + rivals).min { left, right in
            left.version == right.version ? left.name < right.name : left.version > right.version
        }
        return best == own ? nil : best
    }

    /// Says it only if it was not said before.
    private static func told(
        _ decision: (String) -> DropInDecision,
        _ row: DropInRow,
        _ situation: DropInSituation
    ) -> DropInVerdict {
        let isKnown = situation.known?.state == row.state && situation.known?.message == row.message
        return DropInVerdict(isKnown ? .nothing : decision(row.message), row: row)
    }

    private static func row(
        _ copy: DropInCopy,
        _ plugin: String,
        _ version: String,
        _ state: DropInRow.State,
        _ message: String
    ) -> DropInRow {
        DropInRow(
            name: copy.name,
            identity: copy.identity,
            plugin: plugin,
            version: version,
            state: state,
            message: message
        )
    }

    /// What is known goes on under the name that the copy has now.
    private static func renamed(_ copy: DropInCopy, _ situation: DropInSituation) -> DropInRow? {
        var row = situation.known
        row?.name = copy.name
        row?.identity = copy.identity
        return row
    }

    // MARK: What is said

    private static func uninstalled(_ copy: DropInCopy, _ candidate: Candidate) -> String {
        """
        \(candidate.id) was uninstalled while the copy plugins.d/\(copy.name) lay there, so the copy is ignored; \
        remove it, or type `hostctl install` with its path to have \(candidate.id) back
        """
    }

    private static func pinned(_ copy: DropInCopy, _ candidate: Candidate, to version: PluginVersion) -> String {
        """
        \(candidate.id) is pinned to \(version), so the copy plugins.d/\(copy.name) with \(candidate.version) is ignored; \
        type `hostctl unpin \(candidate.id)` to have it installed
        """
    }

    private static func beaten(
        _ copy: DropInCopy,
        _ candidate: Candidate,
        by winner: DropInSituation.Rival
    ) -> String {
        """
        plugins.d/\(copy.name) holds \(candidate.id) \(candidate.version) and plugins.d/\(winner.name) holds \
        \(candidate.id) \(winner.version), which is used; remove one of them
        """
    }

    private static func consent(_ copy: DropInCopy, _ candidate: Candidate) -> String {
        """
        \(candidate.id) \(candidate.version) in plugins.d/\(copy.name) asks for \
        \(candidate.farReaching.joined(separator: ", ")) and waits until the user agrees
        """
    }
}
