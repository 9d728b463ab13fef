import HostAPI
import Manifests

/// Reads indexes and the documents with further versions. Strict about what matters: an entry with a mistake is left out
/// and named, and the others stay. Members that it does not know do not matter.
struct IndexReader {
    /// Where the document is: what its relative paths begin at.
    let origin: RegistryFile
    /// What is wrong already as a text: of a YAML document.
    let syntax: ProblemReport

    static let format: Int64 = 1

    /// Reads an index.
    ///
    /// - Throws: If it is no index at all. Then nothing is known, least of all that a plugin is not there.
    func index(_ bytes: [UInt8]) throws(IndexProblem) -> PluginIndex {
        var index = PluginIndex(plugins: [])
        var places: [PluginID: String] = [:]
        var count = 0
        let root = try IndexText.parse(bytes, isYAML: origin.isYAML, report: syntax) { value, repeatedKey in
            add(IndexField(value, at: "plugins/\(count)"), repeatedKey, to: &index, &places)
            count += 1
        }
        try checkFormat(IndexField(root))
        _ = try IndexField(root).required("plugins").list()
        return index
    }

    private func add(
        _ entry: IndexField,
        _ repeatedKey: String?,
        to index: inout PluginIndex,
        _ places: inout [PluginID: String]
    ) {
        var id: PluginID?
        do throws(IndexProblem) {
            let readable = try readID(entry.required("id"))
            id = readable
            try checkSyntax(entry)
            if let repeatedKey { throw entry.problem("has the key \"\(repeatedKey.excerpt)\" twice") }
            if let place = places[readable] { throw entry.repeated("id", readable.text, place) }
            places[readable] = entry.place
            let plugin = try plugin(entry, readable)
            index.plugins.append(plugin)
            index.problems += plugin.versions.problems
        } catch {
            index.problems.append(error)
            if let id, (places[id] ?? entry.place) == entry.place { index.broken[id] = error }
        }
    }

    /// Reads a plugin's further versions.
    ///
    /// - Throws: If it is something else, or of another plugin.
    func furtherVersions(_ bytes: [UInt8], of id: PluginID) throws(IndexProblem) -> IndexedVersions {
        let root = IndexField(try IndexText.parse(bytes, isYAML: origin.isYAML, report: syntax) { _, _ in })
        try checkFormat(root)
        let field = try root.required("id")
        guard try field.text() == id.text else { throw field.problem("must be \"\(id)\"") }
        return try versions(root.required("versions"))
    }

    private func checkFormat(_ root: IndexField) throws(IndexProblem) {
        try checkSyntax(root, within: false)
        let field = try root.required("registry")
        guard case .integer(let format) = field.value else {
            throw field.problem("must be \(Self.format), is \(field.value.kindName)")
        }
        guard format == Self.format else {
            throw field.problem("must be \(Self.format), is \(format); a newer format needs a newer host")
        }
    }

    /// A mistake in the text of a YAML document may have cost any part of what it stands in.
    private func checkSyntax(_ field: IndexField, within: Bool = true) throws(IndexProblem) {
        let pointer = field.place.isEmpty ? "" : "/" + field.place
        guard within ? syntax.hasProblem(within: pointer) : syntax.hasProblem(at: pointer) else { return }
        let problem = syntax.error(file: "").problems.first { $0.path == pointer || $0.path.hasPrefix(pointer + "/") }
        guard let problem else { return }
        throw IndexProblem(
            place: String(problem.path.drop { $0 == "/" }),
            message: "line \(problem.line), column \(problem.column): \(problem.message)"
        )
    }

    private func plugin(_ entry: IndexField, _ id: PluginID) throws(IndexProblem) -> IndexedPlugin {
        let name = try entry.required("name").line()
        let description = try entry.required("description").line()
        let category = try entry.member("category")?.line() ?? ""
        var tags: [String] = []
        for tag in try entry.member("tags")?.list() ?? [] { tags.append(try tag.line()) }
        var metadata: RegistryFile?
        if let field = entry.member("metadata") { metadata = try file(field) }
        return IndexedPlugin(
            id: id,
            name: name,
            description: description,
            category: category,
            tags: tags,
            metadata: metadata,
            versions: try versions(entry.required("versions")),
            searchText: ([id.text, name, description, category] + tags).joined(separator: "\n").lowercased()
        )
    }

    private func versions(_ field: IndexField) throws(IndexProblem) -> IndexedVersions {
        var versions = IndexedVersions()
        var places: [PluginVersion: String] = [:]
        for entry in try field.list() {
            var text: String?
            do throws(IndexProblem) {
                let field = try entry.required("version")
                text = try field.text()
                let version = try readVersion(field)
                if let place = places[version] { throw entry.repeated("version", version.description, place) }
                places[version] = entry.place
                versions.usable.append(try self.version(entry, version))
            } catch {
                versions.problems.append(error)
                if let text { versions.broken[text] = error }
            }
        }
        versions.usable.sort { $0.version > $1.version }
        return versions
    }

    private func version(_ entry: IndexField, _ version: PluginVersion) throws(IndexProblem) -> IndexedVersion {
        let file = try file(entry.required("file"))
        let sha256 = try readSHA256(entry.required("sha256"))
        let sizeField = try entry.required("size")
        guard case .integer(let size) = sizeField.value, size > 0 else {
            throw sizeField.problem("must be the size of the file in bytes")
        }
        let abiField = try entry.required("abi")
        guard let abi = ABIVersion(try abiField.text()) else {
            throw abiField.problem("must be MAJOR.MINOR, such as \"1.0\"")
        }
        var minimumHost: PluginVersion?
        if let field = entry.member("minimum_host") { minimumHost = try readVersion(field) }
        return IndexedVersion(
            version: version,
            file: file,
            sha256: sha256,
            size: size,
            minimumHost: minimumHost,
            abi: abi
        )
    }

    private func readID(_ field: IndexField) throws(IndexProblem) -> PluginID {
        if let id = PluginID(try field.text()) { return id }
        throw field.problem("must be a lower-case letter, then 1 to 30 lower-case letters, digits or hyphens")
    }

    private func readVersion(_ field: IndexField) throws(IndexProblem) -> PluginVersion {
        if let version = PluginVersion(try field.text()) { return version }
        throw field.problem("must be three numbers such as 1.2.3 or 1.2.3-beta.1")
    }

    private func readSHA256(_ field: IndexField) throws(IndexProblem) -> String {
        let text = try field.text()
        guard text.utf8.count == 64, text.utf8.allSatisfy(Self.isHexadecimal) else {
            throw field.problem("must be 64 hexadecimal digits")
        }
        return text.lowercased()
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    private func file(_ field: IndexField) throws(IndexProblem) -> RegistryFile {
        let text = try field.text()
        do throws(RegistryFile.Misfit) {
            return try origin.resolving(text)
        } catch {
            throw field.problem(error.message)
        }
    }
}

extension IndexField {
    fileprivate func repeated(_ key: String, _ text: String, _ place: String) -> IndexProblem {
        IndexProblem(place: "\(self.place)/\(key)", message: "\"\(text)\" is already in \(place)")
    }
}
