internal import GRDB

/// One open database file. Every error that leaves it is a `StoreError` that names the file.
struct SQLiteFile: Sendable {
    let path: String
    let connection: any DatabaseWriter

    func read<Value>(_ task: String, _ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try connection.read(body)
        } catch {
            throw StoreError(error, file: path, task: task)
        }
    }

    /// Runs `body` in one transaction: all of it is stored, or nothing.
    func write<Value>(_ task: String, _ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try connection.write(body)
        } catch {
            throw StoreError(error, file: path, task: task)
        }
    }

    func close() throws(StoreError) {
        do {
            try connection.close()
        } catch {
            throw StoreError(error, file: path, task: "close it")
        }
    }
}

/// How a database file is opened.
package struct StoreOptions: Sendable {
    /// How long a locked file is waited for.
    package var busyTimeout: Duration
    /// A history up to this size is examined whole at start; a larger one only after it was caught to be damaged, for
    /// gigabytes take minutes. The state is always examined.
    package var examinedBytes: Int64

    package init(busyTimeout: Duration = .seconds(10), examinedBytes: Int64 = 64 << 20) {
        self.busyTimeout = busyTimeout
        self.examinedBytes = examinedBytes
    }
}
