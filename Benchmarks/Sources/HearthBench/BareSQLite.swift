import GRDBSQLite

/// The reference: SQLite's own functions, one prepared statement, the table of history.db, and no more.
final class BareSQLite {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private var database: OpaquePointer?
    private var statement: OpaquePointer?

    init(path: String) throws {
        guard sqlite3_open(path, &database) == SQLITE_OK else { throw failure("open \(path)") }
        try execute("PRAGMA journal_mode = WAL")
        try execute("PRAGMA synchronous = NORMAL")
        try execute(
            """
            CREATE TABLE readings (
                series_id INTEGER NOT NULL, time_ms INTEGER NOT NULL, value ANY, flags INTEGER NOT NULL,
                PRIMARY KEY (series_id, time_ms)
            ) STRICT, WITHOUT ROWID
            """
        )
        let sql = "INSERT INTO readings VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK else { throw failure("prepare") }
    }

    deinit {
        sqlite3_finalize(statement)
        sqlite3_close(database)
    }

    func transaction(_ body: () throws -> Void) throws {
        try execute("BEGIN")
        try body()
        try execute("COMMIT")
    }

    func insert(series: Int64, time: Int64, value: Double) throws {
        sqlite3_bind_int64(statement, 1, series)
        sqlite3_bind_int64(statement, 2, time)
        sqlite3_bind_double(statement, 3, value)
        sqlite3_bind_int64(statement, 4, 0)
        guard sqlite3_step(statement) == SQLITE_DONE else { throw failure("insert") }
        sqlite3_reset(statement)
    }

    private func execute(_ sql: String) throws {
        guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else { throw failure(sql) }
    }

    private func failure(_ task: String) -> Failure {
        Failure(description: "\(task): \(String(cString: sqlite3_errmsg(database)))")
    }
}
