import HostAPI

/// Reads the keys of a manifest, all of them whatever is wrong with one.
enum ManifestReader {
    private static let keys = [
        "manifest", "id", "name", "version", "description", "license", "author", "homepage", "entry", "abi",
        "isolation", "settings", "commands", "permissions",
    ]

    /// Nil if something is wrong, which is then reported.
    static func read(_ place: Place) -> Manifest? {
        guard let fields = place.fields(keys) else { return nil }
        readFormat(fields.required("manifest"))
        let id = fields.required("id").flatMap(readID)
        let name = fields.required("name").flatMap { $0.sentence() }
        let version = fields.required("version").flatMap(readVersion)
        let description = fields.required("description").flatMap { $0.sentence() }
        let license = fields.required("license").flatMap { $0.sentence() }
        let author = fields["author"].flatMap { $0.sentence() }
        let homepage = fields["homepage"].flatMap(readHomepage)
        let entry = fields.required("entry").flatMap(readEntry)
        let abi = fields.required("abi").flatMap(readABI)
        let isolation = fields["isolation"].map { $0.word(of: Manifest.Isolation.self) } ?? .worker
        let settings = fields["settings"].map { SchemaReader.readObject($0) } ?? .emptyObject
        let commands = fields["commands"].map(readCommands) ?? []
        let permissions = fields["permissions"].map { PermissionsReader.read($0) } ?? Permissions()
        guard let id, let name, let version, let description, let license, let entry, let abi, let isolation,
            let settings, let permissions
        else { return nil }
        return Manifest(
            id: id,
            name: name,
            version: version,
            description: description,
            license: license,
            author: author,
            homepage: homepage,
            entry: entry,
            abi: abi,
            isolation: isolation,
            settings: settings,
            commands: commands,
            permissions: permissions
        )
    }

    private static func readFormat(_ place: Place?) {
        guard let place, place.node.content != .integer(Int64(Manifest.format)) else { return }
        if case .integer = place.node.content {
            place.refuse("must be \(Manifest.format), is \(place.node.source); a newer format needs a newer host")
        } else {
            place.mismatch("\(Manifest.format)")
        }
    }

    private static func readID(_ place: Place) -> PluginID? {
        guard let text = place.text() else { return nil }
        if let id = PluginID(text) { return id }
        place.mismatch("a lower-case letter, then 1 to 30 lower-case letters, digits or hyphens")
        return nil
    }

    private static func readVersion(_ place: Place) -> PluginVersion? {
        guard let text = place.text() else { return nil }
        if let version = PluginVersion(text) { return version }
        place.mismatch("three numbers such as 1.2.3 or 1.2.3-beta.1")
        return nil
    }

    private static func readHomepage(_ place: Place) -> String? {
        guard let text = place.text() else { return nil }
        let isWeb = text.hasPrefix("https://") || text.hasPrefix("http://")
        if isWeb, SettingsFormat.url.accepts(text) { return text }
        place.mismatch("a URL that begins with https:// or http://")
        return nil
    }

    private static func readEntry(_ place: Place) -> String? {
        guard let text = place.text() else { return nil }
        let isName = text.hasSuffix(".so") && !text.utf8.contains(UInt8(ascii: "/")) && !text.utf8.contains(0)
        if isName, text != ".so", !text.hasPrefix("."), text.utf8.count <= 255 { return text }
        place.mismatch("the name of a file beside the manifest that ends in .so, without a directory")
        return nil
    }

    private static func readABI(_ place: Place) -> ABIVersion? {
        guard let text = place.text() else { return nil }
        if let version = ABIVersion(text) { return version }
        place.mismatch("MAJOR.MINOR, such as \"1.0\"")
        return nil
    }

    private static func readCommands(_ place: Place) -> [CommandDeclaration] {
        var commands: [CommandDeclaration] = []
        for item in place.list() ?? [] {
            guard let fields = item.fields(["name", "title", "description", "arguments"]) else { continue }
            let name = fields.required("name").flatMap { readCommandName($0, taken: commands.map(\.name)) }
            let title = fields.required("title").flatMap { $0.sentence() }
            let description = fields["description"].flatMap { $0.sentence() }
            let arguments = fields["arguments"].map { SchemaReader.readObject($0) } ?? .emptyObject
            guard let name, let title, let arguments else { continue }
            commands.append(
                CommandDeclaration(name: name, title: title, description: description, arguments: arguments)
            )
        }
        return commands
    }

    private static func readCommandName(_ place: Place, taken: [String]) -> String? {
        guard let text = place.text() else { return nil }
        guard NameRule.command.accepts(text) else {
            place.mismatch(NameRule.command.sentence)
            return nil
        }
        guard !taken.contains(text) else {
            place.refuse("\(quoted(text)) is taken by a command above")
            return nil
        }
        return text
    }
}
