internal import GRDB
package import HostAPI

/// A copy of a plugin that lies in `plugins.d` and has been looked at.
package struct DropInRecord: Sendable, Equatable, Codable {
    /// What was done with the copy. An open set.
    package struct State: RawRepresentable, Sendable, Hashable, Codable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let installed = State(rawValue: "installed")
        /// Its plugin was uninstalled while the copy lay there.
        package static let ignored = State(rawValue: "ignored")
        package static let refused = State(rawValue: "refused")
        package static let needsConsent = State(rawValue: "needs-consent")
        package static let failed = State(rawValue: "failed")
    }

    /// Its name in `plugins.d`.
    package var name: String
    package var device: UInt64
    package var inode: UInt64
    /// When the file or directory was made, in nanoseconds since 1970; 0 where the file system does not say.
    package var born: Int64
    package var packageHash: String
    /// Empty if the manifest cannot be read.
    package var plugin: String
    package var version: String
    package var state: State
    /// What came of reading its manifest and loading its code.
    package var outcome: LoadOutcome
    package var message: String
    package var seen: Timestamp

    package init(
        name: String,
        device: UInt64,
        inode: UInt64,
        born: Int64,
        packageHash: String,
        plugin: String,
        version: String,
        state: State,
        outcome: LoadOutcome = .ok,
        message: String = "",
        seen: Timestamp
    ) {
        self.name = name
        self.device = device
        self.inode = inode
        self.born = born
        self.packageHash = packageHash
        self.plugin = plugin
        self.version = version
        self.state = state
        self.outcome = outcome
        self.message = message
        self.seen = seen
    }
}

extension StateDatabase {
    /// Everything that was looked at in `plugins.d`, by name.
    package func dropIns() throws(StoreError) -> [DropInRecord] {
        try file.read("read what was dropped in") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM drop_ins ORDER BY name").map(DropInRecord.init)
        }
    }

    package func dropIns(ofPlugin plugin: String) throws(StoreError) -> [DropInRecord] {
        try file.read("read the copies of \(plugin) that were dropped in") { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM drop_ins WHERE plugin = ? ORDER BY name",
                arguments: [plugin]
            ).map(DropInRecord.init)
        }
    }

    /// Remembers what was found; an earlier record of that name is replaced.
    package func putDropIn(_ record: DropInRecord) throws(StoreError) {
        try file.write("remember what was dropped in as \(record.name)") { database in try database.store(record) }
    }

    /// Forgets a copy that lies there no more.
    package func removeDropIn(_ name: String) throws(StoreError) {
        try file.write("forget what was dropped in as \(name)") { database in try database.removeDropIn(name) }
    }
}

extension DropInRecord {
    fileprivate init(_ row: Row) {
        let device: Int64 = row["device"]
        let inode: Int64 = row["inode"]
        self.init(
            name: row["name"],
            device: UInt64(bitPattern: device),
            inode: UInt64(bitPattern: inode),
            born: row["born_ns"],
            packageHash: row["package_hash"],
            plugin: row["plugin"],
            version: row["version"],
            state: State(rawValue: row["state"]),
            outcome: LoadOutcome(rawValue: row["outcome"]),
            message: row["message"],
            seen: Timestamp(milliseconds: row["seen_ms"])
        )
    }
}

extension Database {
    func store(_ record: DropInRecord) throws {
        try execute(
            sql: """
                INSERT OR REPLACE INTO drop_ins (
                    name, device, inode, born_ns, package_hash, plugin, version, state, outcome, message, seen_ms
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                record.name, Int64(bitPattern: record.device), Int64(bitPattern: record.inode), record.born,
                record.packageHash, record.plugin, record.version, record.state.rawValue, record.outcome.rawValue,
                record.message, record.seen.milliseconds,
            ]
        )
    }

    func removeDropIn(_ name: String) throws {
        try execute(sql: "DELETE FROM drop_ins WHERE name = ?", arguments: [name])
    }
}
