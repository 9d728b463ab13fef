import DropIn
import HostAPI
import Store

// The same rows as the policy sees them and as they are stored.

extension DropInRow {
    init(_ record: DropInRecord) {
        self.init(
            name: record.name,
            identity: CopyIdentity(
                device: record.device,
                inode: record.inode,
                bornNanoseconds: record.born,
                packageHash: record.packageHash
            ),
            plugin: record.plugin,
            version: record.version,
            state: State(rawValue: record.state.rawValue) ?? .refused,
            message: record.message
        )
    }
}

extension DropInRecord {
    init(_ row: DropInRow, outcome: LoadOutcome = .ok, seen: Timestamp) {
        self.init(
            name: row.name,
            device: row.identity.device,
            inode: row.identity.inode,
            born: row.identity.bornNanoseconds,
            packageHash: row.identity.packageHash,
            plugin: row.plugin,
            version: row.version,
            state: State(rawValue: row.state.rawValue),
            outcome: outcome,
            message: row.message,
            seen: seen
        )
    }
}

extension DropInRecord {
    /// Whether what lies at the path is the copy that was looked at. Its content may have been edited since; then the
    /// watch tells of it.
    func isStill(at path: String) -> Bool {
        guard let identity = CopyIdentity.of(path, packageHash: packageHash), !plugin.isEmpty else { return false }
        return identity.isSame(as: DropInRow(self).identity)
    }
}

extension PluginServices {
    func dropIns() async throws(Failure) -> [DropInRecord] {
        try await ask { database throws(StoreError) in try database.dropIns() }
    }

    func hasTombstone(_ plugin: String) async throws(Failure) -> Bool {
        try await ask { database throws(StoreError) in try database.tombstone(ofPlugin: plugin) != nil }
    }
}
