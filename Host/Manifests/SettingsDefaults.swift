package import HostAPI

extension SettingsSchema {
    /// The document with the defaults of what it leaves out.
    ///
    /// A member that is null counts as left out. An object that is left out and has no default of its own is made from
    /// the defaults of its members, if no required one stays open. The result is not validated.
    package func fillingDefaults(_ document: JSONValue) -> JSONValue {
        switch (shape, document) {
        case (.object(let rules), .object(let members)):
            var result = members
            for (name, schema) in rules.properties {
                switch members[name] {
                case nil, .null?: result[name] = schema.impliedValue
                case let value?: result[name] = schema.fillingDefaults(value)
                }
            }
            if case .matching(let schema) = rules.additional {
                for (name, value) in members where rules.properties[name] == nil {
                    result[name] = schema.fillingDefaults(value)
                }
            }
            return .object(result)
        case (.array(let rules), .array(let elements)):
            return .array(elements.map(rules.items.fillingDefaults))
        default:
            return document
        }
    }

    /// What stands where nothing is given; nil if nothing does.
    private var impliedValue: JSONValue? {
        if let defaultValue { return fillingDefaults(defaultValue) }
        guard case .object(let rules) = shape, case .object(let members) = fillingDefaults(.object([:])) else {
            return nil
        }
        let isComplete = rules.required.allSatisfy { members[$0] != nil }
        return isComplete && !members.isEmpty ? .object(members) : nil
    }
}
