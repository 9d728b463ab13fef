package import HostAPI

/// What opening the history came to.
package struct OpenedHistory: Sendable {
    package var database: HistoryDatabase
    /// Set if the file that was there is damaged: it was put aside and a new one was begun. Worth an alert.
    package var setAside: SetAsideHistory?
}

/// A history that could not be used any more.
package struct SetAsideHistory: Sendable, Equatable {
    /// Where the damaged file is now.
    package var path: String
    /// What is wrong with it.
    package var reason: String
}

extension HistoryDatabase {
    /// Opens the history. A damaged one is renamed and a new one begun: lost history is no reason not to run.
    ///
    /// - Throws: Everything but damage: a locked, newer or forbidden file stays where it is.
    package static func open(
        path: String,
        options: StoreOptions = StoreOptions(),
        now: Timestamp = .now
    ) throws(StoreError) -> OpenedHistory {
        do throws(StoreError) {
            return OpenedHistory(database: try HistoryDatabase(path: path, options: options), setAside: nil)
        } catch {
            guard case .damaged(_, let reason) = error else { throw error }
            let asidePath = try setAside(path, now: now)
            return OpenedHistory(
                database: try HistoryDatabase(path: path, options: options),
                setAside: SetAsideHistory(path: asidePath, reason: reason)
            )
        }
    }

    /// Renames the file and its companions alike, so that what is left of it can still be opened.
    private static func setAside(_ path: String, now: Timestamp) throws(StoreError) -> String {
        let stem = path.hasSuffix(".db") ? String(path.dropLast(3)) : path
        let aside = "\(stem)-damaged-\(now.milliseconds).db"
        for suffix in ["", "-wal", "-shm"] where try FileSystem.size(of: path + suffix) != nil {
            try FileSystem.rename(path + suffix, to: aside + suffix)
        }
        FileSystem.remove(suspicion(of: path))
        return aside
    }
}
