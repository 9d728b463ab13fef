import HostAPI
import Manifests

/// Settings that differ from others in one place, and are valid like them.
struct SettingsVariation {
    /// A JSON pointer to what differs.
    var pointer: String
    var value: JSONValue
    var document: JSONValue
    /// What differs, as the plugin gets it.
    var change: SettingsChange

    /// `/interval = 0.1`, short enough for a sentence.
    var shown: String {
        let text = value.text
        return "\(pointer) = \(text.count > 60 ? text.prefix(57) + "..." : text[...])"
    }
}

extension SettingsVariation {
    /// A document for each value at the edge of what each key allows. Keys that the user gave keep their value. Pure.
    ///
    /// - Parameters:
    ///   - schema: That of the whole document.
    ///   - base: A valid document.
    ///   - fixed: The user's part of it.
    /// - Returns: They differ from `base` in one place each.
    static func all(of schema: SettingsSchema, base: JSONValue, fixed: JSONValue?) -> [SettingsVariation] {
        var found: [SettingsVariation] = []
        collect(schema, fixed: fixed, path: []) { path, value in
            let document = base.replacing(path[...], with: value)
            guard document != base, schema.validate(document).isEmpty else { return }
            let pointer = path.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
            found.append(
                SettingsVariation(
                    pointer: pointer,
                    value: value,
                    document: document,
                    change: schema.diff(old: base, new: document)
                )
            )
        }
        return found
    }

    private static func collect(
        _ schema: SettingsSchema,
        fixed: JSONValue?,
        path: [String],
        _ found: ([String], JSONValue) -> Void
    ) {
        guard case .object(let rules) = schema.shape else { return }
        for name in rules.properties.keys.sorted() {
            guard let property = rules.properties[name] else { continue }
            let isObject = if case .object = property.shape { true } else { false }
            if let given = fixed?[name] {
                if isObject { collect(property, fixed: given, path: path + [name], found) }
                continue
            }
            for value in SampleValues.edges(property) { found(path + [name], value) }
            if isObject { collect(property, fixed: nil, path: path + [name], found) }
        }
    }
}

extension JSONValue {
    /// The same with another value at a path of member names; nothing changes if the path leads nowhere.
    func replacing(_ path: ArraySlice<String>, with value: JSONValue) -> JSONValue {
        guard let name = path.first else { return value }
        guard case .object(var members) = self else { return self }
        guard path.count == 1 || members[name] != nil else { return self }
        members[name] = (members[name] ?? .null).replacing(path.dropFirst(), with: value)
        return .object(members)
    }
}
