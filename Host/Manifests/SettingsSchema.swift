package import HostAPI

/// What a settings document may be: the documented subset of JSON Schema 2020-12 (`docs/manifest.md`), read and checked.
///
/// One difference from JSON Schema: an object takes only the members it declares unless `additionalProperties` says
/// otherwise, so that a misspelt setting is an error and not silence. `jsonValue` says so explicitly.
package struct SettingsSchema: Sendable, Equatable {
    package var shape: Shape
    /// `enum`, or one value for `const`.
    package var allowed: [JSONValue]?
    package var defaultValue: JSONValue?
    package var title: String?
    package var description: String?
    package var examples: [JSONValue] = []
    /// What a change costs: the schema's own `x-restart` or else what it inherits.
    package var restart: RestartScope = .plugin
    /// Write-only: never shown.
    package var isSecret = false
    /// For people: "s", "°C".
    package var unit: String?
    /// The place in a form; smaller comes first.
    package var order: Int?

    package init(_ shape: Shape) {
        self.shape = shape
    }

    /// The type, and the rules that go with it.
    package indirect enum Shape: Sendable, Equatable {
        case object(ObjectRules)
        case array(ArrayRules)
        case string(StringRules)
        case integer(NumberRules)
        case number(NumberRules)
        case boolean
    }

    package struct ObjectRules: Sendable, Equatable {
        package var properties: [String: SettingsSchema] = [:]
        /// The names of the properties as a form shows them: by `x-order`, then as in the manifest.
        package var order: [String] = []
        package var required: [String] = []
        package var additional = Additional.none

        package init() {}
    }

    /// What members other than the declared ones may be.
    package enum Additional: Sendable, Equatable {
        case none
        case any
        case matching(SettingsSchema)
    }

    package struct ArrayRules: Sendable, Equatable {
        package var items: SettingsSchema
        package var minimumCount = 0
        package var maximumCount: Int?
        package var isUnique = false

        package init(items: SettingsSchema) {
            self.items = items
        }
    }

    package struct StringRules: Sendable, Equatable {
        /// In Unicode scalars.
        package var minimumLength = 0
        package var maximumLength: Int?
        package var pattern: Pattern?
        package var format: SettingsFormat?

        package init() {}
    }

    /// Bounds are JSON numbers, so that large integers stay exact.
    package struct NumberRules: Sendable, Equatable {
        package var minimum: JSONValue?
        package var maximum: JSONValue?
        package var exclusiveMinimum: JSONValue?
        package var exclusiveMaximum: JSONValue?

        package init() {}
    }

    /// An object without members: the schema of a plugin without settings and of a command without arguments.
    package static let emptyObject = SettingsSchema(.object(ObjectRules()))
}

/// What a changed setting costs, from least to most.
package enum RestartScope: String, Sendable, CaseIterable, Comparable {
    /// Nothing: the plugin takes it as it runs.
    case hot
    /// The plugin's event stream is opened anew.
    case stream
    /// The plugin's client logs in anew.
    case client
    /// The worker process is replaced.
    case plugin

    package static func < (left: RestartScope, right: RestartScope) -> Bool { left.code < right.code }

    /// `HEARTH_SCOPE_*` of plugin_api.h.
    package var code: Int32 {
        switch self {
        case .hot: 0
        case .stream: 1
        case .client: 2
        case .plugin: 3
        }
    }
}

extension SettingsSchema {
    /// Reads a schema from YAML or JSON text, such as the arguments of a command that a device announces.
    ///
    /// - Throws: `ManifestError` with everything that is wrong.
    package init(parsing text: String, file: String) throws(ManifestError) {
        let report = ProblemReport()
        let schema = YAMLParser.parse(Array(text.utf8), report: report).flatMap {
            SchemaReader.read(Place(root: $0, label: "the schema", report: report), inherited: .plugin)
        }
        guard let schema, report.isEmpty else { throw report.error(file: file) }
        self = schema
    }

    var typeName: String {
        switch shape {
        case .object: "object"
        case .array: "array"
        case .string: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        }
    }

    /// Whether anything in here is a secret: then nothing of a value that does not fit may be shown.
    package var containsSecret: Bool {
        if isSecret { return true }
        switch shape {
        case .object(let rules):
            if case .matching(let schema) = rules.additional, schema.containsSecret { return true }
            return rules.properties.values.contains(where: \.containsSecret)
        case .array(let rules): return rules.items.containsSecret
        case .string, .integer, .number, .boolean: return false
        }
    }

    /// The schema of a member of an object; nil if there is none or anything goes.
    package func member(_ name: String) -> SettingsSchema? {
        guard case .object(let rules) = shape else { return nil }
        if let schema = rules.properties[name] { return schema }
        if case .matching(let schema) = rules.additional { return schema }
        return nil
    }
}
