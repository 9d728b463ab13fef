package import HostAPI

/// A place in a source text.
package struct SourceMark: Sendable, Hashable, Comparable {
    /// From 1.
    package var line: Int
    /// From 1, counted in Unicode scalars.
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static let start = SourceMark(line: 1, column: 1)

    package static func < (left: SourceMark, right: SourceMark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A YAML value and where it stands. Mappings keep the order of the source.
package struct YAMLNode: Sendable, Equatable {
    package indirect enum Content: Sendable, Equatable {
        case null
        case bool(Bool)
        case integer(Int64)
        case number(Double)
        case text(String)
        case sequence([YAMLNode])
        case mapping([Member])
    }

    /// One key of a mapping and its value.
    package struct Member: Sendable, Equatable {
        /// The key as it is written; `1: x` has the key "1".
        package var key: String
        package var keyMark: SourceMark
        package var value: YAMLNode
    }

    package var content: Content
    package var mark: SourceMark
    /// A scalar as it is written, for messages; empty for sequences and mappings.
    package var source: String

    package init(_ content: Content, at mark: SourceMark, source: String = "") {
        self.content = content
        self.mark = mark
        self.source = source
    }
}

extension YAMLNode {
    /// The value without its marks.
    package var jsonValue: JSONValue {
        switch content {
        case .null: .null
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .number(let value): .number(value)
        case .text(let value): .string(value)
        case .sequence(let elements): .array(elements.map(\.jsonValue))
        case .mapping(let members):
            .object(Dictionary(members.map { ($0.key, $0.value.jsonValue) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// What stands there, for a sentence such as `must be text, is the number 1.10`.
    var summary: String {
        switch content {
        case .null: source.isEmpty ? "empty" : "null"
        case .bool: source
        case .integer, .number: "the number \(source)"
        case .text(let text): quoted(text)
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// `text` in quotes, cut to what fits into a message, control characters escaped.
func quoted(_ text: String) -> String {
    let limit = 60
    var result = "\""
    for (index, scalar) in text.unicodeScalars.enumerated() {
        if index == limit { return result + "…\"" }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator:
            result += "\\u{\(String(scalar.value, radix: 16))}"
        default:
            result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
