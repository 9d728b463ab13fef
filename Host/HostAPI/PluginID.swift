/// The identity of a plugin: `[a-z][a-z0-9-]{1,30}`. Checked before any path is built from it.
package struct PluginID: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let text: String

    /// Nil if `text` is not an id.
    package init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        guard (2...31).contains(bytes.count), let first = bytes.first,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
        else { return nil }
        let isValid = bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard isValid else { return nil }
        self.text = String(text)
    }

    package var description: String { text }

    package static func < (left: PluginID, right: PluginID) -> Bool { left.text < right.text }
}

extension PluginID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = PluginID(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription:
                    "\"\(text)\" is not a plugin id: a lower-case letter, then 1 to 30 letters, digits or -"
            )
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
