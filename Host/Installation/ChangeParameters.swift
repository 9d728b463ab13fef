internal import HostAPI
internal import Packages
package import Store

/// What the tasks of a change need: kept with its record, so that it can be done or undone after a crash.
struct ChangeParameters: Sendable, Equatable, Codable {
    var request: ChangeRequest
    var before: PluginFacts
    /// What becomes the active version; known once the package has been looked at.
    var target: InstalledVersion?
    /// The columns of the plugin's row that follow.
    var after: InstallationState?
    /// Of the package's files together, bytes, if that is known before it is unpacked.
    var size: Int64?
    /// Where the package comes from, if from the registry.
    var release: Release?
    /// Uninstallation: the copies in `plugins.d` that are ignored from now on.
    var copies: [DropInRecord] = []
    /// Those of them that were known before, as they were.
    var knownCopies: [DropInRecord] = []

    struct Release: Sendable, Equatable, Codable {
        var version: String
        var location: String
        var sha256: String
        var size: Int64

        init(_ release: PackageRelease) {
            version = release.version
            location = release.location
            sha256 = release.sha256
            size = release.size
        }

        func packageRelease(id: String) -> PackageRelease {
            PackageRelease(id: id, version: version, location: location, sha256: sha256, size: size)
        }
    }
}

/// What the database says about one plugin's installation at one moment: what an undone change returns to.
struct PluginFacts: Sendable, Equatable, Codable {
    let plugin: String
    /// Nil: it has no row.
    var installation: InstallationState?
    var isEnabled = true
    var hasSettings = false
    var versions: [InstalledVersion] = []
    var tombstone: Tombstone?

    var active: InstalledVersion? {
        installation?.isWanted == true ? version(installation?.active) : nil
    }
    var previous: InstalledVersion? {
        installation?.isWanted == true ? version(installation?.previous) : nil
    }

    func version(_ directory: String?) -> InstalledVersion? {
        versions.first { $0.directory == directory }
    }

    /// Brings all of it back, whatever has become of it; `target` is a version that was not known before.
    func restoring(without target: InstalledVersion?) -> [StateWrite] {
        var writes = versions.map(StateWrite.version)
        if let target, version(target.directory) == nil {
            writes.append(.noVersion(plugin: plugin, directory: target.directory))
        }
        writes.append(
            installation.map { .installation($0, plugin: plugin, isEnabledIfNew: isEnabled) }
                ?? .noInstallation(plugin: plugin)
        )
        writes.append(tombstone.map(StateWrite.tombstone) ?? .noTombstone(plugin: plugin))
        return writes
    }
}

extension Ledger {
    func facts(of plugin: String) async throws(StoreError) -> PluginFacts {
        try await perform { database throws(StoreError) in
            let desired = try database.desiredPlugin(plugin)
            return PluginFacts(
                plugin: plugin,
                installation: desired?.installation,
                isEnabled: desired?.isEnabled ?? true,
                hasSettings: (desired?.settingsRevision ?? 0) > 0,
                versions: try database.versions(ofPlugin: plugin),
                tombstone: try database.tombstone(ofPlugin: plugin)
            )
        }
    }

    /// Every plugin that has an active version, by id.
    package func installedPlugins() async throws(StoreError) -> [InstalledPlugin] {
        try await perform { database throws(StoreError) in try database.installedPlugins() }
    }

    /// Nil if the plugin has no active version.
    package func installedPlugin(_ id: String) async throws(StoreError) -> InstalledPlugin? {
        try await perform { database throws(StoreError) in try database.installedPlugin(id) }
    }
}
