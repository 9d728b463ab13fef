internal import GRDB
package import HostAPI

/// One version of a plugin that lies in the store.
package struct InstalledVersion: Sendable, Equatable, Codable {
    package var plugin: String
    /// Its directory's name in `store/<id>`: the version, a hyphen, the first 12 digits of `packageHash`.
    package var directory: String
    package var version: String
    /// SHA-256 over the files of the package, lower-case hexadecimal.
    package var packageHash: String
    /// SHA-256 of the entry `.so`, lower-case hexadecimal.
    package var codeHash: String
    package var installed: Timestamp

    package init(
        plugin: String,
        directory: String,
        version: String,
        packageHash: String,
        codeHash: String,
        installed: Timestamp
    ) {
        self.plugin = plugin
        self.directory = directory
        self.version = version
        self.packageHash = packageHash
        self.codeHash = codeHash
        self.installed = installed
    }
}

/// A plugin that has code: what whoever runs it needs to know.
package struct InstalledPlugin: Sendable, Equatable {
    package var desired: DesiredPlugin
    package var version: InstalledVersion
    /// The version that a rollback returns to.
    package var previousVersion: InstalledVersion?

    package var id: String { desired.id }
    package var isEnabled: Bool { desired.isEnabled }
    package var generation: Int64 { desired.generation }
    package var settingsRevision: Int64 { desired.settingsRevision }
    package var origin: String { desired.installation.origin }
    package var isPinned: Bool { desired.installation.isPinned }
    package var link: String? { desired.installation.link }

    package init(desired: DesiredPlugin, version: InstalledVersion, previousVersion: InstalledVersion? = nil) {
        self.desired = desired
        self.version = version
        self.previousVersion = previousVersion
    }
}

extension StateDatabase {
    /// Every version that the store should hold, by plugin and directory.
    package func versions() throws(StoreError) -> [InstalledVersion] {
        try file.read("read the versions of plugins") { database in
            try Row.fetchAll(
                database,
                sql: "SELECT \(InstalledVersion.columns) FROM versions ORDER BY plugin, directory"
            )
            .map(InstalledVersion.init)
        }
    }

    package func versions(ofPlugin plugin: String) throws(StoreError) -> [InstalledVersion] {
        try file.read("read the versions of \(plugin)") { database in try database.versions(ofPlugin: plugin) }
    }

    /// Every plugin that has an active version, by id.
    package func installedPlugins() throws(StoreError) -> [InstalledPlugin] {
        try file.read("read the installed plugins") { database in
            let versions = Dictionary(
                grouping: try Row.fetchAll(database, sql: "SELECT \(InstalledVersion.columns) FROM versions")
                    .map(InstalledVersion.init),
                by: \.plugin
            )
            return try Row.fetchAll(
                database,
                sql: "SELECT \(DesiredPlugin.columns) FROM plugins WHERE is_wanted AND active IS NOT NULL ORDER BY id"
            )
            .map(DesiredPlugin.init)
            .compactMap { desired in InstalledPlugin(desired, versions: versions[desired.id] ?? []) }
        }
    }

    /// Nil if the plugin has no active version.
    package func installedPlugin(_ id: String) throws(StoreError) -> InstalledPlugin? {
        try file.read("read what is installed of \(id)") { database in
            guard let desired = try database.desiredPlugin(id) else { return nil }
            return InstalledPlugin(desired, versions: try database.versions(ofPlugin: id))
        }
    }
}

extension InstalledPlugin {
    /// Nil if there is no active version among them.
    package init?(_ desired: DesiredPlugin, versions: [InstalledVersion]) {
        let state = desired.installation
        guard state.isWanted, let active = versions.first(where: { $0.directory == state.active }) else { return nil }
        self.init(
            desired: desired,
            version: active,
            previousVersion: versions.first { $0.directory == state.previous }
        )
    }
}

extension InstalledVersion {
    /// Read by their places.
    fileprivate static let columns = "plugin, directory, version, package_hash, code_hash, installed_ms"

    /// A row of `columns`.
    fileprivate init(_ row: Row) {
        self.init(
            plugin: row[0],
            directory: row[1],
            version: row[2],
            packageHash: row[3],
            codeHash: row[4],
            installed: Timestamp(milliseconds: row[5])
        )
    }
}

extension Database {
    func versions(ofPlugin plugin: String) throws -> [InstalledVersion] {
        try Row.fetchAll(
            self,
            sql: "SELECT \(InstalledVersion.columns) FROM versions WHERE plugin = ? ORDER BY directory",
            arguments: [plugin]
        )
        .map(InstalledVersion.init)
    }

    func store(_ version: InstalledVersion) throws {
        try execute(
            sql: """
                INSERT OR REPLACE INTO versions (plugin, directory, version, package_hash, code_hash, installed_ms)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                version.plugin, version.directory, version.version, version.packageHash, version.codeHash,
                version.installed.milliseconds,
            ]
        )
    }

    func removeVersion(plugin: String, directory: String) throws {
        try execute(
            sql: "DELETE FROM versions WHERE plugin = ? AND directory = ?",
            arguments: [plugin, directory]
        )
    }
}
