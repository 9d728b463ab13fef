/// One plugin of the registry, as a listing shows it.
package struct CatalogueEntry: Sendable, Equatable, Codable {
    package var id: String
    package var name: String
    package var description: String
    package var category: String
    package var tags: [String]
    /// Newest first.
    package var versions: [CatalogueVersion]
    /// The active version on this host; nil if it is not installed.
    package var installedVersion: String?

    package init(
        id: String,
        name: String,
        description: String,
        category: String,
        tags: [String],
        versions: [CatalogueVersion],
        installedVersion: String? = nil
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.category = category
        self.tags = tags
        self.versions = versions
        self.installedVersion = installedVersion
    }
}

/// One version in the registry.
package struct CatalogueVersion: Sendable, Equatable, Codable {
    package var version: String
    /// Of the package file, bytes.
    package var size: Int64
    /// The least version of Hearth that can use it; nil: any.
    package var minimumHost: String?
    /// Why this host cannot use it; nil if it can.
    package var obstacle: String?

    package init(version: String, size: Int64, minimumHost: String? = nil, obstacle: String? = nil) {
        self.version = version
        self.size = size
        self.minimumHost = minimumHost
        self.obstacle = obstacle
    }
}

/// What a search in the registry gave.
package struct Catalogue: Sendable, Equatable, Codable {
    /// Where the index is: a URL or a path.
    package var registry: String
    /// In the order of the index.
    package var entries: [CatalogueEntry]
    /// When the index was last read.
    package var fetchedAt: Timestamp?
    /// The index could not be read anew; what is shown is from `fetchedAt`.
    package var isStale: Bool
    /// Why it could not; or which entries of it had to be left out.
    package var problem: String?

    package init(
        registry: String,
        entries: [CatalogueEntry],
        fetchedAt: Timestamp?,
        isStale: Bool = false,
        problem: String? = nil
    ) {
        self.registry = registry
        self.entries = entries
        self.fetchedAt = fetchedAt
        self.isStale = isStale
        self.problem = problem
    }
}
