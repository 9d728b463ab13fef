import HostAPI
import Manifests

/// The settings with which a plugin is first started: what the user gave, the defaults, and a value for whatever is
/// required beyond that. Pure.
struct StartingSettings: Equatable {
    var document: JSONValue
    /// Pointers to what the check has made up, because it is required and has no default.
    var invented: [String]
    /// What is still wrong with the document.
    var problems: [SettingsProblem]

    init(schema: SettingsSchema, given: JSONValue?) {
        var invented: [String] = []
        let filled = schema.fillingDefaults(given ?? .object([:]))
        document = Self.complete(filled, schema, at: "", &invented)
        self.invented = invented
        problems = schema.validate(document)
    }

    private static func complete(
        _ value: JSONValue,
        _ schema: SettingsSchema,
        at pointer: String,
        _ invented: inout [String]
    ) -> JSONValue {
        guard case .object(let rules) = schema.shape, case .object(var members) = value else { return value }
        for (name, property) in rules.properties.sorted(by: { $0.key < $1.key }) {
            let place = "\(pointer)/\(name)"
            if let member = members[name], member != .null {
                members[name] = complete(member, property, at: place, &invented)
            } else if rules.required.contains(name), let value = SampleValues.plain(property) {
                members[name] = value
                invented.append(place)
            }
        }
        return .object(members)
    }
}
