import ArgumentParser
import HostAPI

/// `hostctl search [WORDS]`
struct Search: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "What the registry has: all, or what has all these words.",
        discussion: "`hostctl install ID` brings one in."
    )

    @Argument(help: "Words in the id, name, description or tags.")
    var words: [String] = []

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let text = words.joined(separator: " ")
        let catalogue = try await host.search(text.isEmpty ? nil : text)
        switch output.format {
        case .json, .yaml: output.document(CatalogueDocument(catalogue))
        case .table, .wide, .name:
            output.list(
                catalogue.entries,
                empty: text.isEmpty
                    ? "The registry \(catalogue.registry) has no plugins." : "Nothing there has: \(text)"
            )
            if catalogue.isStale { output.warn(catalogue.staleness(output.moments)) }
        }
    }
}

extension Catalogue {
    /// From when the list is, and why it is no newer.
    fileprivate func staleness(_ moments: Moments) -> String {
        let age = fetchedAt.map { "This list was read \(moments.phrase($0))" } ?? "This list is old"
        return "\(age): the registry cannot be read now\(problem.map { ": \($0.withoutPeriod)" } ?? "")."
    }
}

/// A catalogue with its entries as `items`, like every list.
private struct CatalogueDocument: Encodable {
    let registry: String
    let fetchedAt: Timestamp?
    let isStale: Bool
    let problem: String?
    let items: [CatalogueEntry]

    init(_ catalogue: Catalogue) {
        registry = catalogue.registry
        fetchedAt = catalogue.fetchedAt
        isStale = catalogue.isStale
        problem = catalogue.problem
        items = catalogue.entries
    }
}

extension CatalogueEntry: Listable {
    static let columns: [Column<CatalogueEntry>] = [
        Column("ID") { Cell($0.id, .bold) },
        Column("VERSION") { Cell($0.offered?.version) },
        Column("INSTALLED") { $0.installedCell },
        Column("SIZE", isWide: true) { Cell($0.offered.map { Quantity.bytes($0.size) }) },
        Column("CATEGORY", isWide: true) { Cell($0.category) },
        Column("TAGS", isWide: true) { Cell($0.tags.joined(separator: " ")) },
        Column("VERSIONS", isWide: true) { Cell($0.versions.map(\.version).joined(separator: " ")) },
        Column("NAME") { Cell($0.name) },
        Column("DESCRIPTION") {
            $0.obstacle.map { Cell("cannot be used here: \($0)", .caution) } ?? Cell($0.description)
        },
    ]

    var listName: String { id }

    /// The newest version that this host can use; if there is none, the newest.
    private var offered: CatalogueVersion? {
        versions.first { $0.obstacle == nil } ?? versions.first
    }

    /// Why no version can be used here.
    private var obstacle: String? {
        versions.contains { $0.obstacle == nil } ? nil : versions.first?.obstacle
    }

    private var installedCell: Cell {
        guard let installedVersion else { return Cell("-", .dim) }
        return installedVersion == offered?.version
            ? Cell("● \(installedVersion)", .good) : Cell("▲ \(installedVersion)", .caution)
    }
}
