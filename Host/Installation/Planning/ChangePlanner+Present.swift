internal import HostAPI
internal import Manifests
internal import Packages
internal import Store

/// Changes of what is there already.
extension ChangePlanner {
    func rollBack(_ before: PluginFacts) async throws(Failure) -> ChangeDecision {
        guard let active = before.active, let state = before.installation else { throw Failure.notInstalled(plugin) }
        guard let previous = before.previous else {
            throw Failure(
                .refused,
                "\(plugin) has no version before \(active.version)",
                hint: "`hostctl install \(plugin) --version VERSION` brings in any that the registry has"
            )
        }
        try PackageRules(request: request, before: before, services: services)
            .checkPin(version: previous.version, author: author)
        let directory = services.layout.directory(of: previous)
        let hash = previous.packageHash
        let problem = await FileWork.run { () -> String? in
            do throws(Failure) {
                return try PackageDigest.of(directory: directory).packageHash == hash ? nil : "it was changed"
            } catch {
                return error.message
            }
        }
        if let problem {
            throw Failure(
                .refused,
                "\(plugin) \(previous.version) cannot be used any more: \(problem.withoutPeriod)",
                hint: "`hostctl install \(plugin) --version \(previous.version)` brings it in again"
            )
        }
        try await services.refuseQuarantined(previous.codeHash, of: plugin)
        var parameters = ChangeParameters(request: request, before: before, target: previous)
        var after = state
        after.active = previous.directory
        after.previous = active.directory
        if after.wantedVersion != nil { after.wantedVersion = previous.version }
        parameters.after = after
        return .tasks(
            PlannedChange(
                summary: "take \(plugin) \(active.version) back to \(previous.version)",
                parameters: parameters
            )
        )
    }

    func uninstall(_ before: PluginFacts) async throws(Failure) -> ChangeDecision {
        let directory = services.layout.store(of: plugin)
        let isThere = await FileWork.run { Files.exists(directory) }
        let isKept = before.installation != nil || before.tombstone?.keptUntil != nil
        let isPresent = before.installation?.isWanted == true || isThere || (request.isPurge && isKept)
        var parameters = ChangeParameters(request: request, before: before)
        let known: [DropInRecord]
        do throws(StoreError) {
            let plugin = plugin
            known = try await services.ledger.perform { database throws(StoreError) in
                try database.dropIns(ofPlugin: plugin)
            }
        } catch {
            throw error.failure
        }
        let found = await services.copies(plugin)
        guard isPresent else { return .nothing("\(plugin) is not installed" + advice(on: found, known)) }
        parameters.knownCopies = known
        parameters.copies = found + known.filter { copy in !found.contains { $0.name == copy.name } }
        let version = before.active.map { " \($0.version)" } ?? ""
        return .tasks(
            PlannedChange(
                summary: "uninstall \(plugin)\(version)" + (request.isPurge ? ", with its settings and data" : ""),
                parameters: parameters
            )
        )
    }

    /// What lies in `plugins.d` and is not installed is listed all the same: it goes with the file.
    private func advice(on found: [DropInRecord], _ known: [DropInRecord]) -> String {
        let ignored = known.filter { $0.state == .ignored }.map(\.name)
        let shown = Set((found + known).map(\.name)).subtracting(ignored).sorted()
        guard !shown.isEmpty else { return "" }
        let paths = shown.map { "\(services.layout.dropIns)/\($0)" }.joined(separator: ", ")
        return "; it is only in the drop-in directory: remove \(paths)"
    }

    func pin(_ before: PluginFacts, isPinned: Bool) throws(Failure) -> ChangeDecision {
        guard let active = before.active, var state = before.installation else { throw Failure.notInstalled(plugin) }
        let word = isPinned ? "pinned to \(active.version)" : "not pinned"
        if state.isPinned == isPinned { return .nothing("\(plugin) is \(word) already") }
        state.isPinned = isPinned
        return .commit(
            PlannedChange(
                summary: isPinned ? "pin \(plugin) to \(active.version)" : "unpin \(plugin)",
                parameters: ChangeParameters(request: request, before: before)
            ),
            [.installation(state, plugin: plugin, isEnabledIfNew: true)],
            message: isPinned
                ? "\(plugin) stays at \(active.version) until it is unpinned"
                : "\(plugin) is \(word) any more: upgrades reach it"
        )
    }

    func unlink(_ before: PluginFacts) throws(Failure) -> ChangeDecision {
        guard let active = before.active, var state = before.installation else { throw Failure.notInstalled(plugin) }
        guard let link = state.link else { return .nothing("\(plugin) is not linked to a directory") }
        state.link = nil
        state.origin = "file"
        return .commit(
            PlannedChange(
                summary: "unlink \(plugin) from \(link)",
                parameters: ChangeParameters(request: request, before: before)
            ),
            [.installation(state, plugin: plugin, isEnabledIfNew: true)],
            message: "\(plugin) \(active.version) stays installed, and follows \(link) no more"
        )
    }

    /// Takes up what lies in the store without a row: the newest version of it, switched off.
    func adopt(_ before: PluginFacts) async throws(Failure) -> ChangeDecision {
        if let active = before.active { return .nothing("\(plugin) \(active.version) is installed already") }
        if let tombstone = before.tombstone, author != "user" {
            throw Failure(
                .refused,
                "\(plugin) was uninstalled at \(tombstone.since); it is not taken up by itself",
                hint: "`hostctl install \(plugin)` brings it back"
            )
        }
        let (store, plugin, now) = (services.layout.store(of: plugin), plugin, services.now())
        let found = try await FileWork.run { () throws(Failure) -> [InstalledVersion] in
            try Files.names(in: store).compactMap { name in
                guard let (package, digest) = try? PackageSight.read("\(store)/\(name)"),
                    package.manifest.id.text == plugin
                else { return nil }
                return InstalledVersion(
                    plugin: plugin,
                    directory: name,
                    version: package.manifest.version.description,
                    packageHash: digest.packageHash,
                    codeHash: digest.codeHash,
                    installed: now
                )
            }
        }
        let newest = found.max { left, right in
            guard let left = PluginVersion(left.version), let right = PluginVersion(right.version) else { return false }
            return left < right
        }
        guard let newest else {
            throw Failure(
                .notFound,
                "there is no usable package of \(plugin) in \(store)",
                hint: "remove the directory, or install the plugin anew"
            )
        }
        var parameters = ChangeParameters(request: request, before: before, target: newest)
        parameters.after = InstallationState(active: newest.directory, origin: "store")
        return .tasks(
            PlannedChange(
                summary: "take up \(plugin) \(newest.version) from the store, disabled",
                parameters: parameters
            )
        )
    }
}
