import HostAPI

/// Writes YAML in block style: keys sorted, every text that could be taken for something else in quotes.
struct YAMLText {
    private(set) var lines: [String] = []

    var text: String { lines.joined(separator: "\n") + "\n" }

    mutating func line(_ text: String) { lines.append(text) }

    /// A line with a key and its value, or a key and the lines of its value below it.
    mutating func member(_ key: String, _ value: JSONValue, indentation: String) {
        let name = indentation + Self.scalar(key) + ":"
        if Self.isBlock(value) {
            lines.append(name)
            block(value, indentation: indentation + "  ", first: indentation + "  ")
        } else {
            lines.append("\(name) \(Self.flow(value))")
        }
    }

    /// The first line begins with `first`: the indentation, or the dashes of the lists that begin there.
    private mutating func block(_ value: JSONValue, indentation: String, first: String) {
        var first = first
        switch value {
        case .object(let members):
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                let count = lines.count
                member(key, value, indentation: indentation)
                lines[count] = first + lines[count].dropFirst(indentation.count)
                first = indentation
            }
        case .array(let elements):
            for element in elements {
                if Self.isBlock(element) {
                    block(element, indentation: indentation + "  ", first: first + "- ")
                } else {
                    lines.append("\(first)- \(Self.flow(element))")
                }
                first = indentation
            }
        default:
            lines.append(first + Self.flow(value))
        }
    }

    private static func isBlock(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let members): !members.isEmpty
        case .array(let elements): !elements.isEmpty
        default: false
        }
    }

    private static func flow(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): scalar(text)
        case .number(let number): "\(number)"
        default: value.text
        }
    }

    /// The text as it is if it can only be text, else in double quotes.
    static func scalar(_ text: String) -> String {
        let bytes = text.utf8
        let isLetter: (UInt8) -> Bool = { (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) }
        let isPlain = bytes.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2D }
        let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        guard isPlain, let first = bytes.first, isLetter(first), !words.contains(text.lowercased()) else {
            return quoted(text)
        }
        return text
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case " "..."~": result.unicodeScalars.append(scalar)
            default:
                let isShown = scalar.properties.isAlphabetic || scalar.properties.isEmojiPresentation
                let digits = String(scalar.value, radix: 16)
                let escape = "\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
                if isShown { result.unicodeScalars.append(scalar) } else { result += escape }
            }
        }
        return result + "\""
    }
}
