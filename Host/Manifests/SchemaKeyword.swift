/// The keywords that a schema may have, and which types they go with.
enum SchemaKeyword {
    static let everywhere = [
        "type", "enum", "const", "default", "title", "description", "examples", "x-restart", "x-unit", "x-order",
    ]

    static let ofType: [SchemaType: [String]] = [
        .object: ["properties", "additionalProperties", "required"],
        .array: ["items", "minItems", "maxItems", "uniqueItems"],
        .string: ["minLength", "maxLength", "pattern", "format", "x-secret"],
        .integer: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
        .number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
        .boolean: [],
    ]

    static let all = Array(Set(everywhere + ofType.values.joined())).sorted()
}

/// The values of the keyword `type`.
enum SchemaType: String, CaseIterable {
    case object
    case array
    case string
    case integer
    case number
    case boolean
}
