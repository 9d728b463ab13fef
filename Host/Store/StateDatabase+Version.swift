internal import GRDB
internal import Synchronization

/// Tells whether what is wanted of plugins, or known of their repairs, may have changed: by this program or another one.
package struct DatabaseVersion: Sendable, Equatable {
    /// Of this program: how often such rows were written.
    fileprivate let writes: Int
    /// SQLite's own counter of what other connections have committed.
    fileprivate let others: Int
}

extension StateDatabase {
    /// Equal to an earlier one: nothing of plugins, versions, tombstones and repairs was written in between.
    package func version() throws(StoreError) -> DatabaseVersion {
        let writes = desiredWrites.load(ordering: .sequentiallyConsistent)
        return try file.read("read its version") { database in
            DatabaseVersion(writes: writes, others: try Int.fetchOne(database, sql: "PRAGMA data_version") ?? 0)
        }
    }

    /// Writes rows that `version()` tells of.
    func writeDesired<Value>(_ task: String, _ body: (Database) throws -> Value) throws(StoreError) -> Value {
        defer { desiredWrites.add(1, ordering: .sequentiallyConsistent) }
        return try file.write(task, body)
    }
}
