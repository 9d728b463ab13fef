package import HostAPI
package import Manifests

/// How one plugin is, as a desired-state file is compared with it.
package struct CurrentPlugin: Sendable, Equatable {
    package var id: String
    /// The active version; nil: it is not installed.
    package var version: String?
    package var isEnabled: Bool
    package var isPinned: Bool
    /// It was uninstalled, and must not come back by itself.
    package var isTombstoned: Bool
    /// Nil: no manifest of it can be read.
    package var schema: SettingsSchema?
    /// What is saved of its settings, without defaults.
    package var saved: JSONValue
    /// The newest version that the registry has for this host; nil: the registry was not asked, or has none.
    package var newestVersion: String?
    /// The package that the file's `source` names; nil: there is none, or it was not read.
    package var source: Source?
    /// The keys of the file that the user has overridden: `/enabled`, `/settings/poll_interval`.
    package var overridden: Set<String>

    /// A package beside the file.
    package struct Source: Sendable, Equatable {
        package var version: String
        /// It is what is installed.
        package var isActive: Bool

        package init(version: String, isActive: Bool) {
            self.version = version
            self.isActive = isActive
        }
    }

    package init(
        id: String,
        version: String?,
        isEnabled: Bool = true,
        isPinned: Bool = false,
        isTombstoned: Bool = false,
        schema: SettingsSchema? = nil,
        saved: JSONValue = .object([:]),
        newestVersion: String? = nil,
        source: Source? = nil,
        overridden: Set<String> = []
    ) {
        self.id = id
        self.version = version
        self.isEnabled = isEnabled
        self.isPinned = isPinned
        self.isTombstoned = isTombstoned
        self.schema = schema
        self.saved = saved
        self.newestVersion = newestVersion
        self.source = source
        self.overridden = overridden
    }
}
