import GRDB

/// Keeps a database locked for writing, as another program would.
final class FileLock {
    private let connection: DatabaseQueue

    init(_ path: String) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        connection = try DatabaseQueue(path: path, configuration: configuration)
        try execute("BEGIN IMMEDIATE")
    }

    func release() throws {
        try execute("ROLLBACK")
    }

    private func execute(_ sql: String) throws {
        try connection.writeWithoutTransaction { try $0.execute(sql: sql) }
    }
}
