import HostAPI
import Manifests

extension HomeFile {
    /// Reads a desired-state file.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8.
    ///   - file: Its name for messages.
    /// - Throws: Everything that is wrong with it.
    package init(parsing bytes: [UInt8], file: String) throws(HomeFileError) {
        let report = ProblemReport()
        let root = YAMLParser.parse(bytes, report: report)
        let home = root.flatMap { HomeFileReader.read(Place(root: $0, label: "the file", report: report), file: file) }
        guard let home, report.isEmpty else {
            throw HomeFileError(file: file, problems: report.error(file: file).problems)
        }
        self = home
    }
}

/// Reads all keys, whatever is wrong with one.
private enum HomeFileReader {
    static func read(_ place: Place, file: String) -> HomeFile? {
        guard let fields = place.fields(["home", "registry", "plugins"]) else { return nil }
        readFormat(fields.required("home"))
        let registry = fields["registry"].flatMap { located($0, readRegistry) }
        let plugins = fields["plugins"].map(readPlugins) ?? []
        return HomeFile(file: file, registry: registry, plugins: plugins)
    }

    private static func readFormat(_ place: Place?) {
        guard let place, place.node.content != .integer(Int64(HomeFile.format)) else { return }
        if case .integer = place.node.content {
            place.refuse("must be \(HomeFile.format), is \(place.node.source); a newer format needs a newer host")
        } else {
            place.mismatch("\(HomeFile.format)")
        }
    }

    private static func readRegistry(_ place: Place) -> String? {
        guard let text = place.sentence() else { return nil }
        let scheme = text.prefix { $0 != ":" }
        guard !text.contains("://") || ["http", "https", "file"].contains(scheme) else {
            place.mismatch("a URL that begins with https://, or the path of an index")
            return nil
        }
        return text
    }

    private static func readPlugins(_ place: Place) -> [HomePlugin] {
        guard !place.isLeftEmpty else { return [] }
        return (place.entries() ?? []).compactMap { entry in
            let plugin = PluginID(entry.key)
            if plugin == nil {
                let rule = "a lower-case letter, then 1 to 30 lower-case letters, digits or hyphens"
                entry.refuseKey("must be a plugin's id: \(rule)")
            }
            // What is wrong inside is worth knowing at once, whatever the id is.
            return readPlugin(entry.value, plugin, line: entry.keyMark.line)
        }
    }

    private static let keys = ["version", "source", "enabled", "pinned", "settings", "absent"]

    private static func readPlugin(_ place: Place, _ id: PluginID?, line: Int) -> HomePlugin? {
        guard !place.isLeftEmpty else { return id.map { HomePlugin(id: $0, line: line) } }
        guard let fields = place.fields(keys) else { return nil }
        let isAbsent = fields["absent"].flatMap { $0.boolean() } ?? false
        let version = fields["version"].flatMap { located($0, readVersion) }
        let source = fields["source"].flatMap { located($0, readSource) }
        let isEnabled = fields["enabled"].flatMap { located($0) { $0.boolean() } }
        let isPinned = fields["pinned"].flatMap { located($0) { $0.boolean() } }
        let settings = fields["settings"].flatMap(readSettings)
        if isAbsent {
            for key in keys where key != "absent" {
                fields[key]?.refuse("cannot go with \"absent: true\": what is not installed has nothing else")
            }
        }
        if isPinned?.value == true, version?.value == .latest {
            fields["pinned"]?.refuse("cannot go with \"version: latest\", which replaces the version by itself")
        }
        guard let id else { return nil }
        var plugin = HomePlugin(id: id, line: line)
        plugin.isAbsent = isAbsent
        plugin.version = version
        plugin.source = source
        plugin.isEnabled = isEnabled
        plugin.isPinned = isPinned
        plugin.settings = settings
        return plugin
    }

    private static func readVersion(_ place: Place) -> VersionWish? {
        guard let text = place.text() else { return nil }
        if text == "latest" { return .latest }
        if let version = PluginVersion(text) { return .exactly(version) }
        let isNearlyLatest = Suggestion.nearest(to: text, among: ["latest"])
        place.mismatch("three numbers such as \"1.2.3\", or latest", suggestion: isNearlyLatest)
        return nil
    }

    private static func readSource(_ place: Place) -> String? {
        guard let path = place.sentence() else { return nil }
        guard !path.contains("://"), !path.utf8.contains(0) else {
            place.mismatch("the path of a package; what the registry has needs no source")
            return nil
        }
        return path
    }

    private static func readSettings(_ place: Place) -> YAMLNode? {
        guard !place.isLeftEmpty else { return nil }
        guard case .mapping = place.node.content else {
            place.mismatch("a mapping")
            return nil
        }
        return place.node
    }

    private static func located<Value>(_ place: Place, _ read: (Place) -> Value?) -> Located<Value>? {
        read(place).map { Located($0, line: place.node.mark.line) }
    }
}

extension Place {
    /// Nothing stands after the colon.
    fileprivate var isLeftEmpty: Bool { node.content == .null && node.source.isEmpty }
}
