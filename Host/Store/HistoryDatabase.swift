internal import GRDB
internal import HostAPI
internal import Synchronization

/// `history.db`: readings and the latest value of each series. The file survives a power cut; the last batch may not.
///
/// The methods wait for the disk: call them off the cooperative thread pool where that matters. Any thread may.
package final class HistoryDatabase: Sendable {
    package let path: String
    let file: SQLiteFile
    /// What the file says of each series that was written since the start, so that a batch need not look it up.
    let knownSeries = Mutex<[SeriesName: KnownSeries]>([:])

    /// Opens the database, making it if nothing is there.
    ///
    /// - Throws: `damaged` and `newerSchema` leave the file exactly as it was.
    package init(
        path: String,
        schema: Schema = .history,
        options: StoreOptions = StoreOptions()
    ) throws(StoreError) {
        self.path = path
        let isSuspect = try FileSystem.size(of: Self.suspicion(of: path)) != nil
        file = try SQLiteFile(
            path: path,
            schema: schema,
            durability: .normal,
            hasConcurrentReaders: true,
            checkedBytes: isSuspect ? .max : options.examinedBytes,
            options: options
        )
        if isSuspect { FileSystem.remove(Self.suspicion(of: path)) }
    }

    /// Waits for what is under way. Later calls fail.
    package func close() throws(StoreError) {
        try file.close()
    }

    func read<Value>(_ task: String, _ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do throws(StoreError) {
            return try file.read(task, body)
        } catch {
            noteDamage(error)
            throw error
        }
    }

    func write<Value>(_ task: String, _ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do throws(StoreError) {
            return try file.write(task, body)
        } catch {
            noteDamage(error)
            throw error
        }
    }

    /// Leaves a mark, so that the next start examines the whole file whatever its size.
    private func noteDamage(_ error: StoreError) {
        guard error.isDamage else { return }
        try? FileSystem.makePrivate(Self.suspicion(of: path))
    }

    static func suspicion(of path: String) -> String { path + ".suspect" }
}
