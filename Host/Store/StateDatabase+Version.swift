internal import GRDB

/// Tells whether anything was written to a database, by this program or another one.
package struct DatabaseVersion: Sendable, Equatable {
    /// Rows that this connection has changed.
    private let changes: Int
    /// SQLite's own counter of what other connections have committed.
    private let others: Int

    fileprivate init(_ database: Database) throws {
        changes = database.totalChangesCount
        others = try Int.fetchOne(database, sql: "PRAGMA data_version") ?? 0
    }
}

extension StateDatabase {
    /// Equal to an earlier one: nothing was written in between.
    package func version() throws(StoreError) -> DatabaseVersion {
        try file.read("read its version") { database in try DatabaseVersion(database) }
    }
}
