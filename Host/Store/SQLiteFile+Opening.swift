internal import GRDB
internal import HostAPI

extension SQLiteFile {
    /// How sure a commit is.
    enum Durability: String {
        /// A commit survives a power cut.
        case full = "FULL"
        /// The file survives a power cut; the last commits may be lost.
        case normal = "NORMAL"
    }

    /// Opens the database at `path`, making it if nothing is there, and brings it to `schema`.
    ///
    /// An existing file is examined through a read-only connection first, so that a damaged or a newer one stays
    /// exactly as it is. Files up to `checkedBytes` are examined whole.
    init(
        path: String,
        schema: Schema,
        durability: Durability,
        hasConcurrentReaders: Bool,
        checkedBytes: Int64,
        options: StoreOptions
    ) throws(StoreError) {
        do {
            if let size = try FileSystem.size(of: path) {
                try Self.examine(path, size: size, schema: schema, checkedBytes: checkedBytes, options: options)
            } else {
                try Self.make(path, schema: schema, options: options)
            }
            try FileSystem.makePrivate(path)
            var configuration = Self.configuration(options)
            configuration.journalMode = .wal
            configuration.maximumReaderCount = 2
            let connection: any DatabaseWriter =
                hasConcurrentReaders
                ? try DatabasePool(path: path, configuration: configuration)
                : try DatabaseQueue(path: path, configuration: configuration)
            // After opening: entering WAL mode sets its own value.
            try connection.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = \(durability.rawValue)")
            }
            try schema.migrator.migrate(connection)
            self.init(path: path, connection: connection)
        } catch {
            throw StoreError(error, file: path, task: "open it")
        }
    }

    private static func configuration(_ options: StoreOptions) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(Double(options.busyTimeout.milliseconds) / 1_000)
        return configuration
    }

    private static func examine(
        _ path: String,
        size: Int64,
        schema: Schema,
        checkedBytes: Int64,
        options: StoreOptions
    ) throws {
        // SQLite would take an empty file for a new database. Ours are never empty: see `make`.
        guard size > 0 else { throw StoreError.damaged(file: path, reason: "the file is empty") }
        var configuration = configuration(options)
        configuration.readonly = true
        let connection = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? connection.close() }
        try connection.read { database in
            if let step = try schema.unknownStep(in: database) {
                throw StoreError.newerSchema(file: path, step: step)
            }
            guard size <= checkedBytes else { return }
            let finding = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "no answer"
            guard finding == "ok" else { throw StoreError.damaged(file: path, reason: finding) }
        }
    }

    /// Makes the database under another name and renames it when it is complete: a file of that name is never empty.
    private static func make(_ path: String, schema: Schema, options: StoreOptions) throws {
        // A log without its database would be replayed into the new one.
        guard try FileSystem.size(of: path + "-wal") == nil else {
            throw StoreError.damaged(file: path, reason: "the file is missing, but \(path)-wal is there")
        }
        let draft = path + ".new"
        for suffix in ["", "-wal", "-shm", "-journal"] { FileSystem.remove(draft + suffix) }
        try FileSystem.makePrivate(draft)
        let connection = try DatabaseQueue(path: draft, configuration: configuration(options))
        do {
            try schema.migrator.migrate(connection)
            // Here already: a host that is ended while it changes the mode of the file in its place leaves a journal, and
            // the next one, which looks at the file through a read-only connection, could not open it.
            try connection.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
            try connection.close()
        } catch {
            try? connection.close()
            throw error
        }
        try FileSystem.rename(draft, to: path)
    }
}
