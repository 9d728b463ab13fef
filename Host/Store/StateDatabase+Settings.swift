internal import GRDB
package import HostAPI

/// One saved settings document.
package struct SettingsRevision: Sendable, Equatable {
    /// 1 for a plugin's first save.
    package var revision: Int64
    /// What the user set, without defaults.
    package var document: JSONValue
    /// Who saved it.
    package var author: String
    package var time: Timestamp

    package init(revision: Int64, document: JSONValue, author: String, time: Timestamp) {
        self.revision = revision
        self.document = document
        self.author = author
        self.time = time
    }
}

extension StateDatabase {
    /// How many revisions of one plugin are kept, the newest.
    package static let keptRevisions = 1_000

    /// The settings in force, nil if none were ever saved.
    package func settings(ofPlugin plugin: String) throws(StoreError) -> SettingsRevision? {
        let path = path
        return try file.read("read the settings of \(plugin)") { database in
            guard let desired = try database.desiredPlugin(plugin), desired.settingsRevision > 0 else { return nil }
            let row = try Row.fetchOne(
                database,
                sql: "SELECT * FROM settings_revisions WHERE plugin = ? AND revision = ?",
                arguments: [plugin, desired.settingsRevision]
            )
            guard let row else {
                throw StoreError.damaged(
                    file: path,
                    reason: "revision \(desired.settingsRevision) of the settings of \(plugin) is missing"
                )
            }
            return try SettingsRevision(row, file: path)
        }
    }

    /// Every revision that is kept, newest first.
    package func revisions(ofPlugin plugin: String) throws(StoreError) -> [SettingsRevision] {
        let path = path
        return try file.read("read the settings' history of \(plugin)") { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM settings_revisions WHERE plugin = ? ORDER BY revision DESC",
                arguments: [plugin]
            ).map { row in try SettingsRevision(row, file: path) }
        }
    }

    /// Saves a document as the revision in force and returns its number. A plugin without a row gets one, enabled. The
    /// change is journaled in the same commit.
    ///
    /// - Throws: `revisionConflict` unless `expectedRevision`, if given, is the revision in force (0: none).
    @discardableResult
    package func saveSettings(
        _ document: JSONValue,
        ofPlugin plugin: String,
        author: String,
        expectedRevision: Int64? = nil,
        at time: Timestamp = .now
    ) throws(StoreError) -> Int64 {
        try writeDesired("save the settings of \(plugin)") { database in
            var desired =
                try database.desiredPlugin(plugin)
                ?? DesiredPlugin(id: plugin, isEnabled: true, generation: 0, settingsRevision: 0)
            if let expectedRevision, expectedRevision != desired.settingsRevision {
                throw StoreError.revisionConflict(
                    plugin: plugin,
                    expected: expectedRevision,
                    current: desired.settingsRevision
                )
            }
            desired.settingsRevision += 1
            desired.generation += 1
            try database.store(desired)
            try database.execute(
                sql: """
                    INSERT INTO settings_revisions (plugin, revision, document, author, time_ms) VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [plugin, desired.settingsRevision, document.text, author, time.milliseconds]
            )
            try database.execute(
                sql: "DELETE FROM settings_revisions WHERE plugin = ? AND revision <= ?",
                arguments: [plugin, desired.settingsRevision - Int64(Self.keptRevisions)]
            )
            try database.journalSettings(desired, author: author, at: time)
            return desired.settingsRevision
        }
    }
}

extension Database {
    /// A save of settings is a change like any other, done in its own commit.
    fileprivate func journalSettings(_ plugin: DesiredPlugin, author: String, at time: Timestamp) throws {
        let change = Change(
            number: 0,
            kind: .settings,
            plugin: plugin.id,
            summary: "save the settings of \(plugin.id)",
            author: author,
            state: .done,
            message: "the settings of \(plugin.id) are at revision \(plugin.settingsRevision)",
            created: time,
            ended: time
        )
        _ = try insert(ChangeRecord(change: change, isCommitted: true, parameters: "{}"))
        try forgetOldChanges()
    }
}

extension SettingsRevision {
    fileprivate init(_ row: Row, file: String) throws {
        let revision: Int64 = row["revision"]
        let plugin: String = row["plugin"]
        let text: String = row["document"]
        guard let document = try? JSONValue(parsing: text) else {
            throw StoreError.damaged(
                file: file,
                reason: "revision \(revision) of the settings of \(plugin) is not JSON"
            )
        }
        self.init(
            revision: revision,
            document: document,
            author: row["author"],
            time: Timestamp(milliseconds: row["time_ms"])
        )
    }
}
