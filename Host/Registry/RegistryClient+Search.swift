package import HostAPI
import Manifests

extension RegistryClient {
    /// At most so many documents with further versions are fetched at a time.
    private static let width = 10

    /// What the registry has. Never waits longer than 10 s: shows what is known then.
    ///
    /// - Parameter words: Nil: everything. Else each of the words must be a part of the id, the name, the description, the
    ///   category or a tag; capitals do not matter.
    /// - Returns: In the order of the index.
    package func search(words: String? = nil) async -> Catalogue {
        await withTaskGroup(of: Catalogue?.self) { group in
            group.addTask { await self.gather(words ?? "") }
            group.addTask { [clock] in
                try? await clock.sleep(Self.listingLimit)
                return nil
            }
            // When time is up, the task that gathers is cancelled: it waits for nothing more, and gives what there is.
            for await catalogue in group {
                group.cancelAll()
                if let catalogue { return catalogue }
            }
            return Catalogue(registry: location.text, entries: [], fetchedAt: nil)
        }
    }

    private func gather(_ words: String) async -> Catalogue {
        let words = words.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
        let known = await index.current()
        guard let copy = known.copy else {
            let problem = known.problem?.failure.message ?? late
            return Catalogue(registry: location.text, entries: [], fetchedAt: nil, problem: problem)
        }
        forgetFurtherVersions(exceptOf: copy.value.plugins)
        let plugins = copy.value.plugins.filter { $0.matches(words) }
        let (versions, troubles) = await versions(of: plugins)
        let leftOut = copy.value.problems.map(\.description) + troubles
        tell(leftOut)
        let isStale = known.isStale(at: clock.now())
        let problem = isStale ? known.problem?.failure.message ?? late : summary(leftOut)
        return Catalogue(
            registry: location.text,
            entries: zip(plugins, versions).map(entry),
            fetchedAt: copy.confirmedAt,
            isStale: isStale,
            problem: problem
        )
    }

    private var late: String { "\(location.text) has not answered within \(Self.listingLimit.components.seconds) s." }

    private func summary(_ leftOut: [String]) -> String? {
        guard let first = leftOut.first else { return nil }
        let rest = leftOut.count == 1 ? "" : ", and \(leftOut.count - 1) more"
        return "The registry has mistakes, and is shown without what they concern: \(first)\(rest)."
    }

    private func entry(_ plugin: IndexedPlugin, _ versions: IndexedVersions) -> CatalogueEntry {
        CatalogueEntry(
            id: plugin.id.text,
            name: plugin.name,
            description: plugin.description,
            category: plugin.category,
            tags: plugin.tags,
            versions: versions.usable.map { version in
                CatalogueVersion(
                    version: version.version.description,
                    size: version.size,
                    minimumHost: version.minimumHost?.description,
                    obstacle: host.obstacle(to: version)
                )
            }
        )
    }

    /// The versions of each of the plugins, those of further documents among them, and what is wrong with these.
    private func versions(of plugins: [IndexedPlugin]) async -> ([IndexedVersions], [String]) {
        let documents = plugins.map(furtherVersions)
        await fetchSideBySide(documents.compactMap(\.self))
        var troubles: [String] = []
        let versions = zip(plugins, documents).map { plugin, document in
            guard let cached = document?.cached else { return plugin.versions }
            if let problem = cached.problem {
                troubles.append("the further versions of \(plugin.id): \(problem.failure.message.withoutPeriod)")
            }
            troubles += cached.copy?.value.problems.map { "the further versions of \(plugin.id): \($0)" } ?? []
            return plugin.versions.joined(with: cached.copy?.value)
        }
        return (versions, troubles)
    }

    private func fetchSideBySide(_ documents: [KeptDocument<IndexedVersions>]) async {
        let now = clock.now()
        var due = documents.filter { $0.cached.isDue(at: now) }.makeIterator()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.width {
                guard let document = due.next() else { break }
                group.addTask { _ = await document.current() }
            }
            while await group.next() != nil {
                guard !Task.isCancelled, let document = due.next() else { continue }
                group.addTask { _ = await document.current() }
            }
        }
    }
}
