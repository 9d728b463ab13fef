internal import GRDB
internal import Synchronization

/// `state.db`: desired state, settings, alerts and all else that must survive a power cut. A method that returned has
/// stored what it was given.
///
/// The methods wait for the disk: call them off the cooperative thread pool where that matters. Any thread may.
package final class StateDatabase: Sendable {
    package let path: String
    let file: SQLiteFile
    /// By the alert's number in the file.
    let alertRepeats = Mutex<[Int64: AlertRepeats]>([:])
    /// How often rows were written that say what is wanted of plugins.
    let desiredWrites = Atomic(0)

    /// Opens the database, making it if nothing is there.
    ///
    /// - Throws: `damaged` and `newerSchema` leave the file exactly as it was.
    package init(
        path: String,
        schema: Schema = .state,
        options: StoreOptions = StoreOptions()
    ) throws(StoreError) {
        self.path = path
        file = try SQLiteFile(
            path: path,
            schema: schema,
            durability: .full,
            hasConcurrentReaders: false,
            checkedBytes: .max,
            options: options
        )
    }

    /// Waits for what is under way. Later calls fail.
    package func close() throws(StoreError) {
        try file.close()
    }
}
