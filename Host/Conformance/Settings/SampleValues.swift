import HostAPI
import Manifests

/// Values that a schema allows. Addresses among them lead to this machine and nowhere else. Pure.
enum SampleValues {
    /// One that is as harmless as possible; nil if none is found.
    static func plain(_ schema: SettingsSchema) -> JSONValue? {
        candidates(schema, isPlain: true).first { isValid($0, schema) }
    }

    /// Those at the edges of what is allowed: the smallest, the largest, the strangest.
    static func edges(_ schema: SettingsSchema) -> [JSONValue] {
        var found: [JSONValue] = []
        for value in candidates(schema, isPlain: false) where isValid(value, schema) && !found.contains(value) {
            found.append(value)
        }
        return found
    }

    private static func isValid(_ value: JSONValue, _ schema: SettingsSchema) -> Bool {
        schema.validate(value).isEmpty
    }

    private static func candidates(_ schema: SettingsSchema, isPlain: Bool) -> [JSONValue] {
        if let allowed = schema.allowed { return Array(allowed.prefix(8)) }
        switch schema.shape {
        case .boolean: return [.bool(false), .bool(true)]
        case .integer(let rules): return integers(rules) + schema.examples
        case .number(let rules): return numbers(rules) + schema.examples
        case .string(let rules): return strings(rules, examples: schema.examples, isPlain: isPlain)
        case .array(let rules): return arrays(rules) + schema.examples
        case .object(let rules): return objects(schema, rules) + schema.examples
        }
    }

    // MARK: Numbers

    private static func integers(_ rules: SettingsSchema.NumberRules) -> [JSONValue] {
        let bounds = [rules.minimum, rules.maximum].compactMap { $0?.integerValue }
        let inside =
            [
                rules.exclusiveMinimum?.integerValue.map { $0 &+ 1 },
                rules.exclusiveMaximum?.integerValue.map { $0 &- 1 },
            ]
            .compactMap { $0 }
        return (bounds + inside + [0, 1, -1, .max, .min]).map { .integer($0) }
    }

    private static func numbers(_ rules: SettingsSchema.NumberRules) -> [JSONValue] {
        let bounds = [rules.minimum, rules.maximum].compactMap { $0?.numberValue }
        let exclusive = [
            rules.exclusiveMinimum?.numberValue.map(\.nextUp), rules.exclusiveMaximum?.numberValue.map(\.nextDown),
        ]
        let middle = bounds.count == 2 ? [(bounds[0] + bounds[1]) / 2] : []
        return (bounds + exclusive.compactMap { $0 } + middle + [0.1, 1e300, -1e300]).map { .number($0) }
    }

    // MARK: Texts

    /// Quotes, a line's end, a character beyond 16 bits, a NUL: what breaks those who build JSON or C strings by hand.
    private static let strange = "\"'\\/\n\t%s%n$(x);{}\u{0}ä\u{1F3E0}"

    private static func strings(
        _ rules: SettingsSchema.StringRules,
        examples: [JSONValue],
        isPlain: Bool
    ) -> [JSONValue] {
        var texts: [String]
        switch rules.format {
        case .hostname: texts = ["localhost", "127.0.0.1"]
        case .ipv4: texts = ["127.0.0.1", "127.255.255.254"]
        case .url: texts = ["http://127.0.0.1:1/", "https://127.0.0.1:1/a?b=%20#c"]
        case .duration: texts = ["1s", "0s", "1ms", "999d"]
        case nil: texts = lengths(rules)
        }
        let quoted = texts.map { JSONValue.string($0) }
        // What an author gives as an example may name a machine at home: only where nothing else fits.
        return isPlain || rules.format == nil ? quoted + examples : quoted
    }

    private static func lengths(_ rules: SettingsSchema.StringRules) -> [String] {
        let least = rules.minimumLength
        let most = min(rules.maximumLength ?? 10_000, 100_000)
        let plain = String(repeating: "a", count: max(least, min(1, most)))
        return [
            plain,
            String(repeating: "a", count: least),
            String(repeating: "\u{1F3E0}", count: most),
            strange,
            String(strange.unicodeScalars.prefix(most).map(Character.init)),
            String(repeating: "1", count: max(1, least)),
        ]
    }

    // MARK: What has parts

    private static func arrays(_ rules: SettingsSchema.ArrayRules) -> [JSONValue] {
        let values = edges(rules.items)
        guard let first = plain(rules.items) else { return [.array([])] }
        let most = min(rules.maximumCount ?? 100, 100)
        let many =
            rules.isUnique
            ? Array(values.prefix(most)) : (0..<most).map { values.isEmpty ? first : values[$0 % values.count] }
        let least =
            rules.isUnique
            ? Array(values.prefix(rules.minimumCount)) : Array(repeating: first, count: rules.minimumCount)
        return [.array(least), .array([]), .array([first]), .array(many)]
    }

    private static func objects(_ schema: SettingsSchema, _ rules: SettingsSchema.ObjectRules) -> [JSONValue] {
        var smallest: [String: JSONValue] = [:]
        var largest: [String: JSONValue] = [:]
        for (name, property) in rules.properties {
            let value = property.defaultValue ?? plain(property)
            if rules.required.contains(name) { smallest[name] = value }
            largest[name] = value
        }
        var found: [[String: JSONValue]] = [smallest, largest]
        switch rules.additional {
        case .matching(let member):
            if let value = plain(member) { found += [["a": value], ["/~\"\u{1F3E0} ": value]] }
        case .any: found.append(["/~\"\u{1F3E0} ": .array([.null, .number(0.5)])])
        case .none: break
        }
        return found.map { schema.fillingDefaults(.object($0)) }
    }
}
