internal import GRDB
package import HostAPI

/// A change as it is remembered.
package struct ChangeRecord: Sendable, Equatable {
    package var change: Change
    /// Its commit point is passed: after a crash it is finished, not undone, unless it is being undone already.
    package var isCommitted: Bool
    /// What its tasks need, to be done or undone after a crash: JSON.
    package var parameters: String

    package init(change: Change, isCommitted: Bool, parameters: String) {
        self.change = change
        self.isCommitted = isCommitted
        self.parameters = parameters
    }
}

extension StateDatabase {
    /// How many ended changes are kept, the newest.
    package static let keptChanges = 1_000

    /// Newest first, without their parameters.
    package func changes(ofPlugin plugin: String?, limit: Int) throws(StoreError) -> [Change] {
        let path = path
        return try file.read("read the changes") { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM changes WHERE ?1 IS NULL OR plugin = ?1 ORDER BY number DESC LIMIT ?2",
                arguments: [plugin, limit]
            ).map { row in try ChangeRecord(row, file: path).change }
        }
    }

    /// Nil if there is no change of that number, or it is no longer kept.
    package func change(_ number: Int64) throws(StoreError) -> Change? {
        let path = path
        return try file.read("read the change \(number)") { database in
            try Row.fetchOne(database, sql: "SELECT * FROM changes WHERE number = ?", arguments: [number])
                .map { row in try ChangeRecord(row, file: path).change }
        }
    }

    /// What had not ended when the host did, oldest first.
    package func openChanges() throws(StoreError) -> [ChangeRecord] {
        let path = path
        return try file.read("read the open changes") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM changes WHERE ended_ms IS NULL ORDER BY number")
                .map { row in try ChangeRecord(row, file: path) }
        }
    }
}

extension ChangeRecord {
    fileprivate init(_ row: Row, file: String) throws {
        let number: Int64 = row["number"]
        let failure: String? = row["failure"]
        let ended: Int64? = row["ended_ms"]
        do {
            self.init(
                change: Change(
                    number: number,
                    kind: ChangeKind(rawValue: row["kind"]),
                    plugin: row["plugin"],
                    summary: row["summary"],
                    author: row["author"],
                    state: ChangeState(rawValue: row["state"]),
                    tasks: try StoredJSON.decode([ChangeTask].self, from: row["tasks"]),
                    message: row["message"],
                    failure: try failure.map { text in try StoredJSON.decode(Failure.self, from: text) },
                    created: Timestamp(milliseconds: row["created_ms"]),
                    ended: ended.map(Timestamp.init(milliseconds:))
                ),
                isCommitted: row["is_committed"],
                parameters: row["parameters"]
            )
        } catch {
            throw StoreError.damaged(file: file, reason: "the record of change \(number) is not JSON")
        }
    }
}

extension Database {
    /// Adds the change under the next number.
    func insert(_ record: ChangeRecord) throws -> Int64 {
        let change = record.change
        try execute(
            sql: """
                INSERT INTO changes (
                    kind, plugin, summary, author, state, is_committed, parameters, tasks, message, failure,
                    created_ms, ended_ms
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                change.kind.rawValue, change.plugin, change.summary, change.author, change.state.rawValue,
                record.isCommitted, record.parameters, try StoredJSON.encode(change.tasks), change.message,
                try change.failure.map { failure in try StoredJSON.encode(failure) }, change.created.milliseconds,
                change.ended?.milliseconds,
            ]
        )
        return lastInsertedRowID
    }

    /// Stores how far the change is. One that has ended makes room if there are many.
    func update(_ record: ChangeRecord) throws {
        let change = record.change
        try execute(
            sql: """
                UPDATE changes SET summary = ?, state = ?, is_committed = ?, parameters = ?, tasks = ?, message = ?,
                    failure = ?, ended_ms = ?
                WHERE number = ?
                """,
            arguments: [
                change.summary, change.state.rawValue, record.isCommitted, record.parameters,
                try StoredJSON.encode(change.tasks), change.message,
                try change.failure.map { failure in try StoredJSON.encode(failure) }, change.ended?.milliseconds,
                change.number,
            ]
        )
        if change.ended != nil { try forgetOldChanges() }
    }

    func forgetOldChanges() throws {
        try execute(
            sql: """
                DELETE FROM changes WHERE ended_ms IS NOT NULL AND number <= (
                    SELECT number FROM changes WHERE ended_ms IS NOT NULL ORDER BY number DESC LIMIT 1 OFFSET ?
                )
                """,
            arguments: [StateDatabase.keptChanges]
        )
    }
}
