package import HostAPI
internal import Store

extension Installer {
    /// Begins to delete for good what was kept of plugins that were uninstalled long enough ago. Does not wait for it.
    ///
    /// - Returns: The changes that do.
    /// - Throws: If the database cannot be read or written.
    package func purgeExpired() async throws(Failure) -> [Change] {
        let now = services.now()
        let expired = try await store { database throws(StoreError) in
            try database.tombstones().filter { tombstone in tombstone.keptUntil.map { $0 <= now } ?? false }
        }
        var changes: [Change] = []
        for tombstone in expired {
            let request = ChangeRequest(kind: .uninstall, plugin: tombstone.plugin, isPurge: true)
            if let change = try await begin(request, author: "reconcile").change { changes.append(change) }
        }
        return changes
    }
}
