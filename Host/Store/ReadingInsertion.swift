internal import GRDB
internal import GRDBSQLite
internal import HostAPI

/// Inserts readings through SQLite's own functions: GRDB's arguments cost more than the insertion itself, and nothing
/// else is written as often.
struct ReadingInsertion {
    private let database: Database
    private let statement: Statement

    init(_ database: Database) throws {
        self.database = database
        statement = try database.cachedStatement(
            sql: """
                INSERT INTO readings (series_id, time_ms, value, flags) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
                """
        )
    }

    /// Inserts the reading, unless its series has one of that time.
    func insert(_ reading: Reading, series number: Int64) throws {
        let handle = statement.sqliteStatement
        sqlite3_bind_int64(handle, 1, number)
        sqlite3_bind_int64(handle, 2, reading.time.milliseconds)
        bind(reading.value, to: handle, at: 3)
        sqlite3_bind_int64(handle, 4, reading.flags)
        let code = sqlite3_step(handle)
        // Read before the reset, which may replace it.
        let message = code == SQLITE_DONE ? nil : database.lastErrorMessage
        sqlite3_reset(handle)
        guard code == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message) }
    }

    /// JSON has no infinity and SQLite has no NaN: a number that is not finite is not known.
    private func bind(_ value: ReadingValue, to handle: OpaquePointer, at index: Int32) {
        switch value {
        case .number(let number) where number.isFinite: sqlite3_bind_double(handle, index, number)
        case .boolean(let boolean): sqlite3_bind_int64(handle, index, boolean ? 1 : 0)
        case .text(let text):
            // The destructor -1 (SQLITE_TRANSIENT, a macro that Swift does not see) makes SQLite copy the text.
            let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            sqlite3_bind_text(handle, index, text, Int32(text.utf8.count), copies)
        case .number, .unknown: sqlite3_bind_null(handle, index)
        }
    }
}
