import HostAPI
import Manifests

extension HomeFile {
    /// The desired state as such a file. Secrets are left out, and named in a comment.
    ///
    /// - Parameters:
    ///   - current: The plugins; those that are not installed are left out.
    ///   - registry: The registry in force; nil: there is none.
    /// - Returns: A text that, read again, does not differ from what it was made of.
    package static func export(_ current: [CurrentPlugin], registry: String?) -> String {
        var text = YAMLText()
        text.member("home", .integer(Int64(format)), indentation: "")
        if let registry { text.member("registry", .string(registry), indentation: "") }
        let installed = current.filter { $0.version != nil }.sorted { $0.id < $1.id }
        guard !installed.isEmpty else {
            text.line("plugins: {}")
            return text.text
        }
        text.line("plugins:")
        for plugin in installed {
            text.line("  \(YAMLText.scalar(plugin.id)):")
            if let version = plugin.version { text.member("version", .string(version), indentation: "    ") }
            text.member("enabled", .bool(plugin.isEnabled), indentation: "    ")
            if plugin.isPinned { text.member("pinned", .bool(true), indentation: "    ") }
            exportSettings(of: plugin, to: &text)
        }
        return text.text
    }

    private static func exportSettings(of plugin: CurrentPlugin, to text: inout YAMLText) {
        var omitted: [String] = []
        let open = plugin.saved.exported(plugin.schema, at: "", &omitted)
        if let open, open.objectValue?.isEmpty == false { text.member("settings", open, indentation: "    ") }
        for pointer in omitted.sorted() {
            let what = plugin.schema == nil ? "the settings are" : "\(YAMLText.scalar(pointer)) is"
            let why = plugin.schema == nil ? "the manifest cannot be read" : "it is a secret, or may be one"
            text.line("    # \(what) left out: \(why)")
        }
    }
}

extension JSONValue {
    /// What of a value may stand in a file; nil: nothing. Null stands for what is left to its default, and is left out.
    fileprivate func exported(_ schema: SettingsSchema?, at pointer: String, _ omitted: inout [String]) -> JSONValue? {
        guard let schema else {
            if self != .null, self != .object([:]) { omitted.append(pointer) }
            return nil
        }
        guard case .object(let members) = self, case .object(let rules) = schema.shape else {
            guard schema.containsSecret else { return self == .null ? nil : self }
            if self != .null { omitted.append(pointer) }
            return nil
        }
        var result: [String: JSONValue] = [:]
        for (name, value) in members {
            let member = schema.member(name)
            if member == nil, rules.additional == .any {
                result[name] = value == .null ? nil : value
            } else {
                result[name] = value.exported(member, at: JSONPointer.member(name, of: pointer), &omitted)
            }
        }
        return .object(result)
    }
}
