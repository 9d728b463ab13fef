import HostAPI
import Installation
import Reconcile
import Store

/// What the reconciler reads and writes.
extension PluginServices {
    /// What is wanted, and what is known about it; of these plugins, or of all.
    ///
    /// - Parameters:
    ///   - plugins: Nil: all.
    ///   - known: What it was before: nothing is read if the database has not changed since.
    /// - Returns: By plugin.
    /// - Throws: If the database cannot be read: unreadable is not empty.
    func desiredSources(
        of plugins: Set<String>?,
        known: DesiredSources? = nil
    ) async throws(Failure) -> DesiredSources {
        try await ask { database throws(StoreError) in
            let version = try database.version()
            if let known, known.version == version { return known }
            var sources = DesiredSources(version: version)
            let isMeant = { (plugin: String) in plugins?.contains(plugin) ?? true }
            let versions = Dictionary(grouping: try database.versions().filter { isMeant($0.plugin) }, by: \.plugin)
            for row in try database.desiredPlugins() where isMeant(row.id) {
                let desired = DesiredState(row, versions: versions[row.id] ?? [])
                sources.desired[row.id] = desired
                sources.active[row.id] = desired.active?.directory
            }
            sources.tombstones = Set(try database.tombstones().map(\.plugin))
            for record in try database.repairs() where isMeant(record.plugin) {
                sources.repairs[record.plugin] = RepairMemory(record)
            }
            return sources
        }
    }

    func repairMemory(of plugin: String) async throws(Failure) -> RepairMemory {
        try await ask { database throws(StoreError) in
            try database.repair(ofPlugin: plugin).map { RepairMemory($0) } ?? RepairMemory()
        }
    }

    func remember(_ memory: RepairMemory, of plugin: String) {
        let record = RepairRecord(
            plugin: plugin,
            failures: memory.failures,
            notBefore: memory.notBefore,
            unrecoverable: memory.unrecoverable,
            changed: clock()
        )
        ledger.write { database throws(StoreError) in
            if memory.isEmpty {
                try database.forgetRepairs(ofPlugin: plugin)
            } else {
                try database.storeRepair(record)
            }
        }
    }
}

extension RepairMemory {
    fileprivate init(_ record: RepairRecord) {
        self.init(failures: record.failures, notBefore: record.notBefore, unrecoverable: record.unrecoverable)
    }
}

extension DesiredState {
    fileprivate init(_ row: DesiredPlugin, versions: [InstalledVersion]) {
        let state = row.installation
        self.init(
            isWanted: state.isWanted,
            isEnabled: row.isEnabled,
            active: versions.first { $0.directory == state.active }.map {
                ActiveVersion(version: $0.version, directory: $0.directory, codeHash: $0.codeHash)
            },
            wantedVersion: state.wantedVersion,
            isPinned: state.isPinned,
            settingsRevision: row.settingsRevision,
            link: state.link
        )
    }
}
