import HomeFile
import HostAPI
import Installation
import Manifests
import Packages
import Store

/// How things are, for the comparison; and the steps that bring them to what the file wants.
extension HomeService {
    /// Every plugin that is there, or of which something is remembered.
    func current(for home: HomeFile?, directory: String) async throws(Failure) -> [CurrentPlugin] {
        struct Rows: Sendable {
            var desired: [DesiredPlugin] = []
            var installed: [String: InstalledPlugin] = [:]
            var tombstones: Set<String> = []
            var settings: [String: JSONValue] = [:]
            var overridden: [String: Set<String>] = [:]
        }
        let rows = try await services.ask { database throws(StoreError) in
            var rows = Rows()
            rows.desired = try database.desiredPlugins()
            rows.installed = Dictionary(try database.installedPlugins().map { ($0.id, $0) }) { first, _ in first }
            rows.tombstones = Set(try database.tombstones().map(\.plugin))
            for plugin in rows.desired {
                rows.settings[plugin.id] = try database.settings(ofPlugin: plugin.id)?.document
            }
            for key in try database.ownedKeys() where key.isOverridden {
                rows.overridden[key.plugin, default: []].insert(key.pointer)
            }
            return rows
        }
        var current: [CurrentPlugin] = []
        for id in Set(rows.desired.map(\.id)).union(rows.tombstones).union(home?.plugins.map(\.id.text) ?? []).sorted()
        {
            let installed = rows.installed[id]
            let wanted = home?.plugins.first { $0.id.text == id }
            current.append(
                CurrentPlugin(
                    id: id,
                    version: installed?.version.version,
                    isEnabled: installed?.isEnabled ?? true,
                    isPinned: installed?.isPinned ?? false,
                    isTombstoned: rows.tombstones.contains(id),
                    schema: await schema(of: installed),
                    saved: rows.settings[id] ?? .object([:]),
                    newestVersion: await newestVersion(wanted, id),
                    source: try await source(wanted, installed, directory),
                    overridden: rows.overridden[id] ?? []
                )
            )
        }
        return current
    }

    private func schema(of installed: InstalledPlugin?) async -> SettingsSchema? {
        guard let directory = installed.map({ services.directory(of: $0) }) else { return nil }
        return await FileWork.run { try? PackageDirectory.readManifest(directory).settings }
    }

    /// Asked for only where the file wants the newest.
    private func newestVersion(_ wanted: HomePlugin?, _ id: String) async -> String? {
        guard wanted?.version?.value == .latest, wanted?.source == nil else { return nil }
        return try? await registry.release(of: id, version: nil).version
    }

    private func source(
        _ wanted: HomePlugin?,
        _ installed: InstalledPlugin?,
        _ directory: String
    ) async throws(Failure) -> CurrentPlugin.Source? {
        guard let path = wanted?.source?.value else { return nil }
        let absolute = path.hasPrefix("/") ? path : "\(directory)/\(path)"
        let scratch = "\(services.layout.installation.staging)/look-home-\(wanted?.id.text ?? "")"
        let sight = try await FileWork.run { () throws(Failure) in
            try PackageSight.look(at: absolute, scratch: scratch)
        }
        return CurrentPlugin.Source(
            version: sight.manifest.version.description,
            isActive: sight.digest.packageHash == installed?.version.packageHash
        )
    }

    /// - Returns: What was done, in a sentence.
    func carryOut(_ step: HomePlan.Step, author: String) async throws(Failure) -> String {
        let plugin = step.plugin
        switch step.action {
        case .install(let version, let source):
            return try await change(
                ChangeRequest(kind: .install, plugin: plugin, source: source, version: version),
                author
            )
        case .uninstall: return try await change(ChangeRequest(kind: .uninstall, plugin: plugin), author)
        case .setPinned(let isPinned):
            return try await change(ChangeRequest(kind: isPinned ? .pin : .unpin, plugin: plugin), author)
        case .setEnabled(let isEnabled):
            try await installer.setEnabled(isEnabled, plugin: plugin, author: author)
            // A plugin that does not run well is enabled all the same, and says by itself what is wrong.
            _ = try? await fleet.supervisor(plugin).control(isEnabled ? .enable : .disable)
            return isEnabled ? "enabled" : "disabled"
        case .saveSettings(let document, _):
            return try await fleet.supervisor(plugin).save(SettingsSave(document: document), author: author).message
        case .setRegistry(let location):
            try registry.use(location)
            try await services.ask { database throws(StoreError) in
                try database.setFact(HostRuntime.registryFact, location)
            }
            return "asked from now on"
        }
    }

    private func change(_ request: ChangeRequest, _ author: String) async throws(Failure) -> String {
        let plan = try await installer.begin(request, author: author)
        guard let begun = plan.change else { return plan.summary }
        let change = try await installer.wait(for: begun.number)
        guard change.state == .done else {
            throw change.failure ?? Failure(.undone, "change \(change.number) was undone: \(change.message)")
        }
        return "change \(change.number): \(change.message)"
    }
}
