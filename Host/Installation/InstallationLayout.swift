package import Store

/// Where installed code lies under the host's root directory.
package struct InstallationLayout: Sendable, Equatable {
    /// Absolute, without a slash at its end.
    package let root: String

    package init(root: String) {
        self.root = root
    }

    /// Packages, immutable once in place.
    package var store: String { "\(root)/store" }
    /// What is being brought in, a directory for each change.
    package var staging: String { "\(root)/staging" }
    /// What is being removed.
    package var trash: String { "\(root)/trash" }
    package var dropIns: String { "\(root)/plugins.d" }
    package var data: String { "\(root)/data" }

    package func store(of plugin: String) -> String { "\(store)/\(plugin)" }
    package func data(of plugin: String) -> String { "\(data)/\(plugin)" }

    /// Where the version's package lies.
    package func directory(of version: InstalledVersion) -> String {
        "\(store)/\(version.plugin)/\(version.directory)"
    }

    /// Where the active version's package lies.
    package func directory(of plugin: InstalledPlugin) -> String { directory(of: plugin.version) }

    /// The name of a version's directory.
    package static func name(version: String, packageHash: String) -> String {
        "\(version)-\(packageHash.prefix(12))"
    }

    func staging(of change: Int64) -> String { "\(staging)/\(change)" }
    /// The package, unpacked.
    func tree(of change: Int64) -> String { "\(staging)/\(change)/tree" }
    /// Names what is about to be placed: as long as it is there, an undone change takes that out of the store again.
    func placement(of change: Int64) -> String { "\(staging)/\(change)/placement" }
    func trash(of change: Int64, _ plugin: String, _ what: String) -> String { "\(trash)/\(change)-\(plugin)-\(what)" }
}
