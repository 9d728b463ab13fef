package import HostAPI
package import Manifests

/// A desired-state file, `home.yaml`: what is there is owned by the file, and what is not there is free.
/// `docs/home-file.md` is the description for users.
package struct HomeFile: Sendable, Equatable {
    /// The one format that this host reads.
    package static let format = 1

    /// As the user knows it.
    package var file: String
    /// A URL or a path.
    package var registry: Located<String>?
    /// In the order of the file.
    package var plugins: [HomePlugin]

    package init(file: String, registry: Located<String>? = nil, plugins: [HomePlugin] = []) {
        self.file = file
        self.registry = registry
        self.plugins = plugins
    }
}

/// What the file says about one plugin.
package struct HomePlugin: Sendable, Equatable {
    package var id: PluginID
    /// Where its id stands: from 1.
    package var line: Int
    /// It shall not be installed; nothing else is said of it then.
    package var isAbsent = false
    package var version: Located<VersionWish>?
    /// The package's path, as it is written.
    package var source: Located<String>?
    package var isEnabled: Located<Bool>?
    package var isPinned: Located<Bool>?
    /// A mapping; only the keys that are there are owned. Nil: none.
    package var settings: YAMLNode?

    package init(id: PluginID, line: Int) {
        self.id = id
        self.line = line
    }
}

/// Which version the file asks for.
package enum VersionWish: Sendable, Equatable {
    case exactly(PluginVersion)
    /// The newest that the registry has for this host.
    case latest
}

/// A value, and the line on which it stands.
package struct Located<Value: Sendable & Equatable>: Sendable, Equatable {
    package var value: Value
    /// From 1.
    package var line: Int

    package init(_ value: Value, line: Int) {
        self.value = value
        self.line = line
    }
}
