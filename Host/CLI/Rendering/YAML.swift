import HostAPI

extension JSONValue {
    /// The value as YAML 1.2 in block style, keys sorted, every text that could be taken for something else quoted.
    var yaml: String {
        var lines: [String] = []
        appendYAML(to: &lines, indentation: "", prefix: "")
        return lines.joined(separator: "\n") + "\n"
    }

    private func appendYAML(to lines: inout [String], indentation: String, prefix: String) {
        switch self {
        case .object(let members) where !members.isEmpty:
            var prefix = prefix
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                let name = prefix + JSONValue.yamlText(key) + ":"
                if value.isYAMLBlock {
                    lines.append(name)
                    value.appendYAML(to: &lines, indentation: indentation + "  ", prefix: indentation + "  ")
                } else {
                    lines.append(name + " " + value.yamlScalar)
                }
                prefix = indentation
            }
        case .array(let items) where !items.isEmpty:
            var prefix = prefix
            for item in items {
                item.appendYAML(to: &lines, indentation: indentation + "  ", prefix: prefix + "- ")
                prefix = indentation
            }
        default:
            lines.append(prefix + yamlScalar)
        }
    }

    private var isYAMLBlock: Bool {
        switch self {
        case .object(let members): !members.isEmpty
        case .array(let items): !items.isEmpty
        default: false
        }
    }

    private var yamlScalar: String {
        if case .string(let text) = self { JSONValue.yamlText(text) } else { self.text }
    }

    /// Plain if it cannot be mistaken, else in double quotes, for which JSON's escapes are valid YAML.
    private static func yamlText(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "_-./ ".unicodeScalars.contains(scalar)
        }
        let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "inf", "nan"]
        let startsLikeText = text.unicodeScalars.first.map { $0.properties.isAlphabetic || $0 == "/" } ?? false
        guard isPlain, startsLikeText, !text.hasSuffix(" "), !words.contains(text.lowercased()) else {
            return escapingControls(JSONValue.string(text).text)
        }
        return text
    }
}
