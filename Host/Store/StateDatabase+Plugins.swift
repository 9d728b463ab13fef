internal import GRDB

/// What the user wants of one plugin.
package struct DesiredPlugin: Sendable, Equatable {
    package var id: String
    package var isEnabled: Bool
    /// Grows by one with every change of this plugin's desired state.
    package var generation: Int64
    /// 0: no settings were ever saved.
    package var settingsRevision: Int64
    package var installation: InstallationState

    package init(
        id: String,
        isEnabled: Bool,
        generation: Int64,
        settingsRevision: Int64,
        installation: InstallationState = InstallationState()
    ) {
        self.id = id
        self.isEnabled = isEnabled
        self.generation = generation
        self.settingsRevision = settingsRevision
        self.installation = installation
    }
}

/// Which code a plugin has: the columns that only installations change.
package struct InstallationState: Sendable, Equatable, Codable {
    /// False: it was uninstalled, and its settings are kept.
    package var isWanted: Bool
    /// The name of the active version's directory in `store/<id>`; nil: there is no code.
    package var active: String?
    /// The directory that a rollback returns to.
    package var previous: String?
    /// Only the user's explicit word replaces the version.
    package var isPinned: Bool
    /// The version that the user or a desired-state file asked for; nil: whichever is there.
    package var wantedVersion: String?
    /// `registry`, `file`, `drop-in`, `link`, `store`; empty if it never had code.
    package var origin: String
    /// The author's directory that it follows.
    package var link: String?

    package init(
        isWanted: Bool = true,
        active: String? = nil,
        previous: String? = nil,
        isPinned: Bool = false,
        wantedVersion: String? = nil,
        origin: String = "",
        link: String? = nil
    ) {
        self.isWanted = isWanted
        self.active = active
        self.previous = previous
        self.isPinned = isPinned
        self.wantedVersion = wantedVersion
        self.origin = origin
        self.link = link
    }
}

extension StateDatabase {
    /// Every plugin that has a desired state, by id: also those that were uninstalled with their settings kept.
    package func desiredPlugins() throws(StoreError) -> [DesiredPlugin] {
        try file.read("read the desired plugins") { database in
            try Row.fetchAll(database, sql: "SELECT \(DesiredPlugin.columns) FROM plugins ORDER BY id").map(
                DesiredPlugin.init
            )
        }
    }

    /// Nil if nothing was ever said about that plugin.
    package func desiredPlugin(_ id: String) throws(StoreError) -> DesiredPlugin? {
        try file.read("read the desired state of \(id)") { database in try database.desiredPlugin(id) }
    }

    /// Makes the plugin's row if there is none. The generation stays if nothing changes.
    @discardableResult
    package func setEnabled(_ isEnabled: Bool, plugin: String) throws(StoreError) -> DesiredPlugin {
        try writeDesired("\(isEnabled ? "enable" : "disable") \(plugin)") { database in
            try database.setEnabled(isEnabled, plugin: plugin)
        }
    }
}

extension DesiredPlugin {
    /// Read by their places: looking up names costs more than all else where there are thousands of rows.
    static let columns = """
        id, is_enabled, generation, settings_revision, is_wanted, active, previous, is_pinned, wanted_version, origin, link
        """

    /// A row of `columns`.
    init(_ row: Row) {
        self.init(
            id: row[0],
            isEnabled: row[1],
            generation: row[2],
            settingsRevision: row[3],
            installation: InstallationState(
                isWanted: row[4],
                active: row[5],
                previous: row[6],
                isPinned: row[7],
                wantedVersion: row[8],
                origin: row[9],
                link: row[10]
            )
        )
    }
}

extension Database {
    func desiredPlugin(_ id: String) throws -> DesiredPlugin? {
        try Row.fetchOne(self, sql: "SELECT \(DesiredPlugin.columns) FROM plugins WHERE id = ?", arguments: [id])
            .map(DesiredPlugin.init)
    }

    /// Stores what the user wants; the code that it has stays as it is.
    func store(_ plugin: DesiredPlugin) throws {
        try execute(
            sql: """
                INSERT INTO plugins (id, is_enabled, generation, settings_revision) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET
                    is_enabled = excluded.is_enabled,
                    generation = excluded.generation,
                    settings_revision = excluded.settings_revision
                """,
            arguments: [plugin.id, plugin.isEnabled, plugin.generation, plugin.settingsRevision]
        )
    }

    func setEnabled(_ isEnabled: Bool, plugin: String) throws -> DesiredPlugin {
        var desired =
            try desiredPlugin(plugin)
            ?? DesiredPlugin(id: plugin, isEnabled: !isEnabled, generation: 0, settingsRevision: 0)
        guard desired.isEnabled != isEnabled else { return desired }
        desired.isEnabled = isEnabled
        desired.generation += 1
        try store(desired)
        return desired
    }

    /// Stores which code the plugin has; its settings and whether it is enabled stay as they are.
    func store(_ state: InstallationState, ofPlugin plugin: String, isEnabledIfNew: Bool) throws {
        try execute(
            sql: """
                INSERT INTO plugins (
                    id, is_enabled, generation, settings_revision,
                    is_wanted, active, previous, is_pinned, wanted_version, origin, link
                ) VALUES (?, ?, 1, 0, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET
                    generation = generation + 1,
                    is_wanted = excluded.is_wanted,
                    active = excluded.active,
                    previous = excluded.previous,
                    is_pinned = excluded.is_pinned,
                    wanted_version = excluded.wanted_version,
                    origin = excluded.origin,
                    link = excluded.link
                """,
            arguments: [
                plugin, isEnabledIfNew, state.isWanted, state.active, state.previous, state.isPinned,
                state.wantedVersion, state.origin, state.link,
            ]
        )
    }

    /// Takes back that the plugin has a row. One that meanwhile has settings is left with them, and not wanted.
    func removeInstallation(ofPlugin plugin: String) throws {
        try execute(sql: "DELETE FROM plugins WHERE id = ? AND settings_revision = 0", arguments: [plugin])
        if try desiredPlugin(plugin) != nil {
            try store(InstallationState(isWanted: false), ofPlugin: plugin, isEnabledIfNew: true)
        }
    }
}
