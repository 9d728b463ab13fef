internal import GRDB
internal import HostAPI

/// One thing that a change of what is installed stores. Many of them are one commit: all of them are stored, or none.
package enum StateWrite: Sendable, Equatable {
    /// Which code the plugin has. A plugin without a row gets one.
    case installation(InstallationState, plugin: String, isEnabledIfNew: Bool)
    /// Takes back that the plugin has a row. One that meanwhile has settings is left with them, and not wanted.
    case noInstallation(plugin: String)
    case enabled(Bool, plugin: String)
    case version(InstalledVersion)
    case noVersion(plugin: String, directory: String)
    case tombstone(Tombstone)
    case noTombstone(plugin: String)
    case dropIn(DropInRecord)
    case noDropIn(name: String)
    /// The code passed its probe.
    case probed(hash: String, plugin: String)
    /// Nothing that failed to be repaired is remembered of the plugin.
    case noRepair(plugin: String)
    /// All that the plugin and the user have stored for it is gone for good: settings, its own state, devices, deaths.
    case purge(plugin: String)
    /// How far a change is.
    case change(ChangeRecord)
}

extension StateDatabase {
    /// Stores all of it in one commit.
    package func commit(_ writes: [StateWrite], task: String) throws(StoreError) {
        try writeDesired(task) { database in
            for write in writes { try database.carryOut(write) }
        }
    }

    /// Stores a new change and what belongs to it in one commit.
    ///
    /// - Returns: Its number; the one in the record is not looked at.
    package func begin(
        _ record: ChangeRecord,
        with writes: @Sendable (Int64) -> [StateWrite] = { _ in [] }
    ) throws(StoreError) -> Int64 {
        try writeDesired("begin to \(record.change.summary)") { database in
            let number = try database.insert(record)
            for write in writes(number) { try database.carryOut(write) }
            if record.change.ended != nil { try database.forgetOldChanges() }
            return number
        }
    }
}

extension Database {
    fileprivate func carryOut(_ write: StateWrite) throws {
        switch write {
        case .installation(let state, let plugin, let isEnabledIfNew):
            try store(state, ofPlugin: plugin, isEnabledIfNew: isEnabledIfNew)
        case .noInstallation(let plugin): try removeInstallation(ofPlugin: plugin)
        case .enabled(let isEnabled, let plugin): _ = try setEnabled(isEnabled, plugin: plugin)
        case .version(let version): try store(version)
        case .noVersion(let plugin, let directory): try removeVersion(plugin: plugin, directory: directory)
        case .tombstone(let tombstone): try store(tombstone)
        case .noTombstone(let plugin): try removeTombstone(ofPlugin: plugin)
        case .dropIn(let record): try store(record)
        case .noDropIn(let name): try removeDropIn(name)
        case .probed(let hash, let plugin):
            try execute(sql: "INSERT OR IGNORE INTO probed (hash, plugin) VALUES (?, ?)", arguments: [hash, plugin])
        case .noRepair(let plugin):
            try execute(sql: "DELETE FROM repairs WHERE plugin = ?", arguments: [plugin])
        case .purge(let plugin): try purge(plugin)
        case .change(let record): try update(record)
        }
    }

    private func purge(_ plugin: String) throws {
        // The settings' revisions go with the plugin's row.
        for sql in [
            "DELETE FROM plugins WHERE id = ?", "DELETE FROM plugin_state WHERE plugin = ?",
            "DELETE FROM devices WHERE plugin = ?", "DELETE FROM deaths WHERE plugin = ?",
            "DELETE FROM restarts WHERE plugin = ?", "DELETE FROM repairs WHERE plugin = ?",
        ] {
            try execute(sql: sql, arguments: [plugin])
        }
    }
}
