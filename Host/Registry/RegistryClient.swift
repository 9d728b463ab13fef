package import HostAPI
import Manifests
import Packages
import Synchronization

/// What can be set beside the place of the registry.
package struct RegistryOptions: Sendable {
    /// A file with the certificates of the authorities to trust; nil: the system's.
    package var certificateAuthorities: String?
    /// How long a package may come without a byte.
    package var stallLimit: Duration

    package init(certificateAuthorities: String? = nil, stallLimit: Duration = .seconds(30)) {
        self.certificateAuthorities = certificateAuthorities
        self.stallLimit = stallLimit
    }
}

/// A registry: an index of plugins that lies as static files behind a web server or in a directory.
///
/// Listings live on what is kept, and fetch it anew when it is old. Decisions ask the registry each time.
package final class RegistryClient: Sendable {
    /// The longest that a listing waits for the network.
    static let listingLimit = Duration.seconds(10)
    /// The version of the plugin interface that this host has.
    private static let supportedABI = ABIVersion(major: 1, minor: 0)

    let location: RegistryLocation
    let host: HostTraits
    let clock: RegistryClock
    let options: RegistryOptions
    let documents: DocumentReader
    let index: KeptDocument<PluginIndex>
    private let report: @Sendable (String) -> Void
    private let furtherVersions = Mutex<[RegistryFile: KeptDocument<IndexedVersions>]>([:])
    private let reported = Mutex<Set<String>>([])

    /// Asks nothing yet.
    ///
    /// - Parameters:
    ///   - location: The URL of the index, a URL that ends with a slash, or the absolute path of a directory or an index.
    ///   - cacheDirectory: Where the last good index is kept.
    ///   - hostVersion: The version of Hearth.
    ///   - clock: What time it is.
    ///   - options: Further settings.
    ///   - report: Told once of each entry that had to be left out.
    /// - Throws: If `location` is something else.
    package init(
        location: String,
        cacheDirectory: String,
        hostVersion: String,
        clock: RegistryClock = .system,
        options: RegistryOptions = RegistryOptions(),
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(Failure) {
        guard let version = PluginVersion(hostVersion) else {
            throw Failure(.internalError, "\"\(hostVersion)\" is not a version of Hearth.")
        }
        let location = try RegistryLocation(location)
        let web = WebClient(.init(userAgent: "hearth/\(hostVersion)", authorities: options.certificateAuthorities))
        let documents = DocumentReader(web: WebReader(client: web, clock: clock))
        self.location = location
        self.clock = clock
        self.options = options
        self.documents = documents
        self.report = report
        host = HostTraits(version: version, abi: Self.supportedABI)
        let file: IndexFile? =
            if case .web(let address) = location.indexes[0] { IndexFile(address, in: cacheDirectory) } else { nil }
        index = KeptDocument(
            file == nil ? .local : .index,
            clock: clock,
            load: { file?.load() },
            fetch: { (known) throws(RegistryProblem) in
                switch try await documents.text(location.indexes, known: known) {
                case .unchanged: return .unchanged
                case .new(let text, let validators):
                    let index = try DocumentReader.index(text)
                    file?.save(text.bytes, validators, at: clock.now())
                    return .new(index, validators)
                }
            }
        )
    }

    /// The document with the further versions of a plugin; nil if it has none.
    func furtherVersions(of plugin: IndexedPlugin) -> KeptDocument<IndexedVersions>? {
        guard let file = plugin.metadata else { return nil }
        return furtherVersions.withLock { kept in
            if let document = kept[file] { return document }
            let isLocal = if case .local = file { true } else { false }
            let document = KeptDocument<IndexedVersions>(
                isLocal ? .local : .furtherVersions,
                clock: clock,
                fetch: { [documents] (known) throws(RegistryProblem) in
                    switch try await documents.text([file], known: known) {
                    case .unchanged: return .unchanged
                    case .new(let text, let validators):
                        return .new(try DocumentReader.furtherVersions(text, of: plugin.id), validators)
                    }
                }
            )
            kept[file] = document
            return document
        }
    }

    /// Forgets the documents that the index does not name any more.
    func forgetFurtherVersions(exceptOf plugins: [IndexedPlugin]) {
        furtherVersions.withLock { kept in
            let named = Set(plugins.compactMap(\.metadata))
            guard kept.count > named.count else { return }
            kept = kept.filter { named.contains($0.key) }
        }
    }

    /// Tells what was left out, each thing once.
    func tell(_ problems: [String]) {
        guard !problems.isEmpty else { return }
        let news = reported.withLock { reported in
            // A registry that makes up new mistakes each time does not fill the memory.
            if reported.count > 1_000 { reported = [] }
            return problems.filter { reported.insert($0).inserted }
        }
        for problem in news { report("\(location.text): \(problem)") }
    }
}
