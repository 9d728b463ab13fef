package import HostAPI

extension SettingsSchema {
    /// The schema as JSON Schema, for forms and editors: with `additionalProperties` and the `x-restart` in force
    /// written out.
    package var jsonValue: JSONValue {
        var result: [String: JSONValue] = ["type": .string(typeName), "x-restart": .string(restart.rawValue)]
        switch shape {
        case .object(let rules): add(rules, to: &result)
        case .array(let rules): add(rules, to: &result)
        case .string(let rules): add(rules, to: &result)
        case .integer(let rules), .number(let rules): add(rules, to: &result)
        case .boolean: break
        }
        result["enum"] = allowed.map { .array($0) }
        result["default"] = defaultValue
        result["title"] = title.map { .string($0) }
        result["description"] = description.map { .string($0) }
        if !examples.isEmpty { result["examples"] = .array(examples) }
        if isSecret { result["x-secret"] = .bool(true) }
        result["x-unit"] = unit.map { .string($0) }
        result["x-order"] = order.map { .integer(Int64($0)) }
        return .object(result)
    }

    private func add(_ rules: ObjectRules, to result: inout [String: JSONValue]) {
        result["properties"] = .object(rules.properties.mapValues(\.jsonValue))
        if !rules.required.isEmpty { result["required"] = .array(rules.required.map { .string($0) }) }
        switch rules.additional {
        case .none: result["additionalProperties"] = .bool(false)
        case .any: result["additionalProperties"] = .bool(true)
        case .matching(let schema): result["additionalProperties"] = schema.jsonValue
        }
    }

    private func add(_ rules: ArrayRules, to result: inout [String: JSONValue]) {
        result["items"] = rules.items.jsonValue
        if rules.minimumCount > 0 { result["minItems"] = .integer(Int64(rules.minimumCount)) }
        result["maxItems"] = rules.maximumCount.map { .integer(Int64($0)) }
        if rules.isUnique { result["uniqueItems"] = .bool(true) }
    }

    private func add(_ rules: StringRules, to result: inout [String: JSONValue]) {
        if rules.minimumLength > 0 { result["minLength"] = .integer(Int64(rules.minimumLength)) }
        result["maxLength"] = rules.maximumLength.map { .integer(Int64($0)) }
        result["pattern"] = rules.pattern.map { .string($0.source) }
        result["format"] = rules.format.map { .string($0.rawValue) }
    }

    private func add(_ rules: NumberRules, to result: inout [String: JSONValue]) {
        result["minimum"] = rules.minimum
        result["maximum"] = rules.maximum
        result["exclusiveMinimum"] = rules.exclusiveMinimum
        result["exclusiveMaximum"] = rules.exclusiveMaximum
    }
}
