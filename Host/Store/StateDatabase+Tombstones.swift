internal import GRDB
package import HostAPI

/// The record that a plugin was uninstalled and must not come back by itself.
package struct Tombstone: Sendable, Equatable, Codable {
    package var plugin: String
    package var since: Timestamp
    /// The number of the change that uninstalled it.
    package var change: Int64
    /// Until when its settings and data are kept; nil: they were purged.
    package var keptUntil: Timestamp?

    package init(plugin: String, since: Timestamp, change: Int64, keptUntil: Timestamp?) {
        self.plugin = plugin
        self.since = since
        self.change = change
        self.keptUntil = keptUntil
    }
}

extension StateDatabase {
    /// By plugin.
    package func tombstones() throws(StoreError) -> [Tombstone] {
        try file.read("read the tombstones") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM tombstones ORDER BY plugin").map(Tombstone.init)
        }
    }

    /// Nil if the plugin may come back by itself.
    package func tombstone(ofPlugin plugin: String) throws(StoreError) -> Tombstone? {
        try file.read("read the tombstone of \(plugin)") { database in
            try Row.fetchOne(database, sql: "SELECT * FROM tombstones WHERE plugin = ?", arguments: [plugin])
                .map(Tombstone.init)
        }
    }
}

extension Tombstone {
    fileprivate init(_ row: Row) {
        let keptUntil: Int64? = row["kept_until_ms"]
        self.init(
            plugin: row["plugin"],
            since: Timestamp(milliseconds: row["since_ms"]),
            change: row["change"],
            keptUntil: keptUntil.map(Timestamp.init(milliseconds:))
        )
    }
}

extension Database {
    func store(_ tombstone: Tombstone) throws {
        try execute(
            sql: "INSERT OR REPLACE INTO tombstones (plugin, since_ms, change, kept_until_ms) VALUES (?, ?, ?, ?)",
            arguments: [
                tombstone.plugin, tombstone.since.milliseconds, tombstone.change, tombstone.keptUntil?.milliseconds,
            ]
        )
    }

    func removeTombstone(ofPlugin plugin: String) throws {
        try execute(sql: "DELETE FROM tombstones WHERE plugin = ?", arguments: [plugin])
    }
}
