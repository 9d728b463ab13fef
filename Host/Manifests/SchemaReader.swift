import HostAPI

/// Reads a settings schema from the manifest and checks that it makes sense.
enum SchemaReader {
    /// A schema whose type must be object: settings, or a command's arguments.
    static func readObject(_ place: Place) -> SettingsSchema? {
        guard let schema = read(place, inherited: .plugin) else { return nil }
        if case .object = schema.shape { return schema }
        place.refuse("must have the type object, has \(schema.typeName)")
        return nil
    }

    /// Nil if something is so wrong that nothing can be checked against the schema; that is then reported.
    static func read(_ place: Place, inherited: RestartScope) -> SettingsSchema? {
        guard let fields = place.fields(SchemaKeyword.all, noun: "schema keyword"),
            let type = fields.required("type")?.word(of: SchemaType.self)
        else { return nil }
        refuseForeign(fields, type)
        let restart = fields["x-restart"]?.word(of: RestartScope.self) ?? inherited
        guard let shape = readShape(type, fields, restart) else { return nil }
        var schema = SettingsSchema(shape)
        schema.restart = restart
        schema.title = fields["title"]?.sentence()
        schema.description = fields["description"]?.sentence()
        schema.unit = fields["x-unit"]?.sentence()
        schema.order = fields["x-order"]?.integer()
        schema.isSecret = fields["x-secret"]?.boolean() ?? false
        // What is wrong with the rules would only be repeated for every value that is held against them.
        if !place.report.hasProblem(within: place.path) { readValues(fields, into: &schema) }
        return schema
    }

    private static func refuseForeign(_ fields: Place.Fields, _ type: SchemaType) {
        let fitting = SchemaKeyword.everywhere + (SchemaKeyword.ofType[type] ?? [])
        for keyword in SchemaKeyword.all where !fitting.contains(keyword) {
            fields[keyword]?.refuse("does not go with the type \(type.rawValue)")
        }
    }

    // MARK: Values in the schema

    private static func readValues(_ fields: Place.Fields, into schema: inout SettingsSchema) {
        if let place = fields["enum"] {
            schema.allowed = readEnum(place, schema)
            fields["const"]?.refuse("and \"enum\" exclude each other")
        } else if let place = fields["const"] {
            check(place, schema)
            schema.allowed = [place.node.jsonValue]
        }
        if let place = fields["default"] {
            if schema.isSecret {
                place.refuse("must not stand beside \"x-secret\": it would be known to everybody")
            }
            check(place, schema)
            schema.defaultValue = place.node.jsonValue
        }
        for place in fields["examples"]?.list() ?? [] {
            check(place, schema)
            schema.examples.append(place.node.jsonValue)
        }
    }

    private static func readEnum(_ place: Place, _ schema: SettingsSchema) -> [JSONValue] {
        guard let items = place.list() else { return [] }
        if items.isEmpty { place.refuse("must list at least one value") }
        var values: [JSONValue] = []
        for item in items {
            let value = item.node.jsonValue
            if values.contains(where: { $0.isSame(as: value) }) { item.refuse("is there twice") }
            check(item, schema)
            values.append(value)
        }
        return values
    }

    /// Reports if a value that stands in the schema does not fit it.
    private static func check(_ place: Place, _ schema: SettingsSchema) {
        guard let problem = schema.validate(schema.fillingDefaults(place.node.jsonValue)).first else { return }
        let inside = problem.pointer.isEmpty ? "" : " (at \(problem.pointer))"
        place.refuse("does not fit its own schema: it \(problem.message)\(inside)", suggestion: problem.suggestion)
    }

    // MARK: Shapes

    private static func readShape(
        _ type: SchemaType,
        _ fields: Place.Fields,
        _ restart: RestartScope
    ) -> SettingsSchema.Shape? {
        switch type {
        case .object: .object(readObjectRules(fields, restart))
        case .array: readArrayRules(fields, restart).map { .array($0) }
        case .string: .string(readStringRules(fields))
        case .integer: .integer(readNumberRules(fields))
        case .number: .number(readNumberRules(fields))
        case .boolean: .boolean
        }
    }

    private static func readObjectRules(_ fields: Place.Fields, _ restart: RestartScope) -> SettingsSchema.ObjectRules {
        var rules = SettingsSchema.ObjectRules()
        let entries = fields["properties"]?.entries() ?? []
        for entry in entries {
            rules.properties[entry.key] = read(entry.value, inherited: restart)
        }
        let names = entries.map(\.key)
        rules.order = names.enumerated().sorted { left, right in
            let leftOrder = rules.properties[left.element]?.order ?? Int.max
            let rightOrder = rules.properties[right.element]?.order ?? Int.max
            return (leftOrder, left.offset) < (rightOrder, right.offset)
        }.map(\.element)
        switch fields["additionalProperties"]?.node.content {
        case nil, .bool(false): break
        case .bool(true): rules.additional = .any
        case .mapping:
            let schema = fields["additionalProperties"].flatMap { read($0, inherited: restart) }
            rules.additional = schema.map { .matching($0) } ?? .any
        default: fields["additionalProperties"]?.mismatch("true, false or a schema")
        }
        for item in fields["required"]?.list() ?? [] {
            guard let name = item.text() else { continue }
            if rules.required.contains(name) { item.refuse("is there twice") }
            if rules.additional == .none, !names.contains(name) {
                let suggestion = Suggestion.nearest(to: name, among: names)
                item.refuse("names \(quoted(name)), which \"properties\" does not have", suggestion: suggestion)
            }
            rules.required.append(name)
        }
        return rules
    }

    private static func readArrayRules(
        _ fields: Place.Fields,
        _ restart: RestartScope
    ) -> SettingsSchema.ArrayRules? {
        let minimum = fields["minItems"]?.integer()
        let maximum = fields["maxItems"]?.integer()
        let isUnique = fields["uniqueItems"]?.boolean()
        if let minimum, let maximum, minimum > maximum { fields["maxItems"]?.refuse("is less than \"minItems\"") }
        guard let items = fields.required("items").flatMap({ read($0, inherited: restart) }) else { return nil }
        var rules = SettingsSchema.ArrayRules(items: items)
        rules.minimumCount = minimum ?? 0
        rules.maximumCount = maximum
        rules.isUnique = isUnique ?? false
        return rules
    }

    private static func readStringRules(_ fields: Place.Fields) -> SettingsSchema.StringRules {
        var rules = SettingsSchema.StringRules()
        rules.minimumLength = fields["minLength"]?.integer() ?? 0
        rules.maximumLength = fields["maxLength"]?.integer()
        rules.pattern = fields["pattern"]?.pattern()
        rules.format = fields["format"]?.word(of: SettingsFormat.self)
        if let maximum = rules.maximumLength, rules.minimumLength > maximum {
            fields["maxLength"]?.refuse("is less than \"minLength\"")
        }
        return rules
    }

    private static func readNumberRules(_ fields: Place.Fields) -> SettingsSchema.NumberRules {
        func bound(_ keyword: String) -> JSONValue? {
            guard let place = fields[keyword] else { return nil }
            let value = place.node.jsonValue
            guard value.numberValue == nil else { return value }
            place.mismatch("a number")
            return nil
        }
        var rules = SettingsSchema.NumberRules()
        rules.minimum = bound("minimum")
        rules.maximum = bound("maximum")
        rules.exclusiveMinimum = bound("exclusiveMinimum")
        rules.exclusiveMaximum = bound("exclusiveMaximum")
        if let minimum = rules.minimum, let maximum = rules.maximum, maximum.isLess(than: minimum) {
            fields["maximum"]?.refuse("is less than \"minimum\"")
        }
        return rules
    }
}
