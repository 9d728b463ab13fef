/// What is wanted of one plugin: its row of the desired state.
package struct DesiredState: Sendable, Equatable {
    /// False for an uninstalled plugin whose settings are kept.
    package var isWanted: Bool
    package var isEnabled: Bool
    /// The version that shall run; nil: there is no code.
    package var active: ActiveVersion?
    /// The version that the user or a desired-state file asked for; nil: whichever is there.
    package var wantedVersion: String?
    /// Its version is not replaced by anything but the user's explicit word.
    package var isPinned: Bool
    /// The settings in force; 0: none were ever saved.
    package var settingsRevision: Int64
    package var isolation: Isolation
    /// The author's directory that it follows: then the registry has no say in it.
    package var link: String?

    package init(
        isWanted: Bool = true,
        isEnabled: Bool = true,
        active: ActiveVersion?,
        wantedVersion: String? = nil,
        isPinned: Bool = false,
        settingsRevision: Int64 = 0,
        isolation: Isolation = .worker,
        link: String? = nil
    ) {
        self.isWanted = isWanted
        self.isEnabled = isEnabled
        self.active = active
        self.wantedVersion = wantedVersion
        self.isPinned = isPinned
        self.settingsRevision = settingsRevision
        self.isolation = isolation
        self.link = link
    }
}

/// The version of a plugin that shall run.
package struct ActiveVersion: Sendable, Equatable {
    package var version: String
    /// The name of its directory in `store/<id>`.
    package var directory: String
    /// SHA-256 of its `.so`.
    package var codeHash: String

    package init(version: String, directory: String, codeHash: String) {
        self.version = version
        self.directory = directory
        self.codeHash = codeHash
    }
}

/// Where the code of a plugin runs.
package enum Isolation: Sendable, Equatable {
    /// In a process of its own.
    case worker
    /// On a thread of `hostd`, which cannot exchange it without starting anew.
    case host
}
