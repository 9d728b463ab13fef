internal import HostAPI
internal import Store

extension Installer {
    /// Removes versions that are neither active nor the one to go back to. A change does this last, and is done even where
    /// the disk lets it down there.
    ///
    /// - Parameter busy: The plugins whose changes have not ended yet: what they need is theirs.
    /// - Returns: What could not be removed, and why.
    /// - Throws: If the database cannot be read.
    func removeUnusedVersions(except busy: Set<String>) async throws(Failure) -> [String] {
        let (plugins, versions) = try await store { database throws(StoreError) in
            (try database.installedPlugins(), Dictionary(grouping: try database.versions(), by: \.plugin))
        }
        var problems: [String] = []
        for plugin in plugins where !busy.contains(plugin.id) {
            let installation = plugin.desired.installation
            let unused = (versions[plugin.id] ?? []).filter {
                $0.directory != installation.active && $0.directory != installation.previous
            }
            for version in unused {
                do throws(Failure) {
                    try await remove(version)
                } catch {
                    problems.append("\(plugin.id) \(version.version), which nobody needs any more: \(error.message)")
                }
            }
        }
        return problems
    }

    private func remove(_ version: InstalledVersion) async throws(Failure) {
        let layout = services.layout
        try await FileWork.run { () throws(Failure) in
            let directory = layout.directory(of: version)
            guard Files.exists(directory) else { return }
            // No change has the number 0. What is in the trash is swept at the next start, if not now.
            let aside = layout.trash(of: 0, version.plugin, version.directory)
            try Files.removeTree(aside)
            try Files.move(directory, to: aside)
        }
        try await store { database throws(StoreError) in
            try database.commit(
                [.noVersion(plugin: version.plugin, directory: version.directory)],
                task: "forget \(version.plugin) \(version.version)"
            )
        }
    }
}
