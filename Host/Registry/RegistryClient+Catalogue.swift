import HostAPI
import Manifests
package import Packages

extension RegistryClient: PackageCatalogue {
    package func release(
        of id: String,
        version: String?
    ) async throws(PackageCatalogueError) -> PackageRelease {
        guard let id = PluginID(id) else {
            throw .missing(Failure(.noSuchPlugin, "\"\(id.excerpt)\" cannot be the id of a plugin."))
        }
        let index = try await Self.answered { () throws(RegistryProblem) in try await self.index.asked() }
        tell(index.problems.map(\.description))
        guard let plugin = index.plugin(id) else { throw absence(of: id, in: index) }
        if let version { return try await release(version, of: plugin) }
        return try await newestRelease(of: plugin)
    }

    private func absence(of id: PluginID, in index: PluginIndex) -> PackageCatalogueError {
        if let problem = index.broken[id] { return broken(id, problem) }
        let nearest = Suggestion.nearest(to: id.text, among: index.plugins.map(\.id.text))
        return .missing(
            Failure(
                .noSuchPlugin,
                "There is no plugin \"\(id)\" in the registry \(location.text).",
                hint: (nearest.map { "Did you mean \"\($0)\"? " } ?? "") + "`hostctl search` shows all"
            )
        )
    }

    /// An entry with a mistake is not an entry that is not there: somebody will put it right.
    private func broken(_ id: PluginID, _ problem: IndexProblem) -> PackageCatalogueError {
        .unreachable(
            Failure(
                .registryUnreachable,
                "The entry of \(id) in the registry \(location.text) has a mistake: \(problem)."
            )
        )
    }

    private func release(
        _ text: String,
        of plugin: IndexedPlugin
    ) async throws(PackageCatalogueError) -> PackageRelease {
        guard let version = PluginVersion(text) else {
            throw .missing(Failure(.notFound, "\"\(text.excerpt)\" is not a version such as 1.2.3."))
        }
        var versions = plugin.versions
        if !versions.usable.contains(where: { $0.version == version }), let document = furtherVersions(of: plugin) {
            versions = try await joined(versions, document)
        }
        guard let found = versions.usable.first(where: { $0.version == version }) else {
            if let problem = versions.broken[text] { throw broken(plugin.id, problem) }
            let newest = versions.usable.prefix(5).map(\.version.description).joined(separator: ", ")
            throw .missing(
                Failure(
                    .notFound,
                    "There is no version \(version) of \(plugin.id) in the registry \(location.text).",
                    hint: newest.isEmpty ? nil : "It has \(newest)"
                )
            )
        }
        if let obstacle = host.obstacle(to: found) {
            throw .missing(Failure(.unsupported, "\(plugin.id) \(version) cannot be used here: it \(obstacle)."))
        }
        return release(found, of: plugin)
    }

    private func newestRelease(of plugin: IndexedPlugin) async throws(PackageCatalogueError) -> PackageRelease {
        if let newest = newest(of: plugin.versions) { return release(newest, of: plugin) }
        var versions = plugin.versions
        if let document = furtherVersions(of: plugin) { versions = try await joined(versions, document) }
        if let newest = newest(of: versions) { return release(newest, of: plugin) }
        // What cannot be read could be the version that can be used.
        if let problem = versions.broken.min(by: { $0.key < $1.key })?.value { throw broken(plugin.id, problem) }
        guard let version = versions.usable.first, let obstacle = host.obstacle(to: version) else {
            throw .missing(Failure(.notFound, "The registry \(location.text) has no version of \(plugin.id)."))
        }
        throw .missing(
            Failure(
                .unsupported,
                "No version of \(plugin.id) can be used here: the newest, \(version.version), \(obstacle)."
            )
        )
    }

    /// A version that is not yet a release is nobody's wish, unless there is no other.
    private func newest(of versions: IndexedVersions) -> IndexedVersion? {
        let usable = versions.usable.filter { host.obstacle(to: $0) == nil }
        return usable.first { $0.version.prerelease.isEmpty } ?? usable.first
    }

    private func joined(
        _ versions: IndexedVersions,
        _ document: KeptDocument<IndexedVersions>
    ) async throws(PackageCatalogueError) -> IndexedVersions {
        versions.joined(with: try await Self.answered { () throws(RegistryProblem) in try await document.asked() })
    }

    private func release(_ version: IndexedVersion, of plugin: IndexedPlugin) -> PackageRelease {
        PackageRelease(
            id: plugin.id.text,
            version: version.version.description,
            location: version.file.text,
            sha256: version.sha256,
            size: version.size
        )
    }

    /// Whatever is wrong with a document: nothing is known then.
    private static func answered<Value>(
        _ ask: () async throws(RegistryProblem) -> Value
    ) async throws(PackageCatalogueError) -> Value {
        do throws(RegistryProblem) {
            return try await ask()
        } catch {
            throw .unreachable(error.failure)
        }
    }
}
