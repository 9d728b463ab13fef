/// The values of the keyword `format`.
package enum SettingsFormat: String, Sendable, CaseIterable {
    /// A host name (RFC 1123) or an IPv4 address, which has the same form.
    case hostname
    /// Four decimal numbers without leading zeros: "192.168.1.20".
    case ipv4
    /// A scheme, "://", a host, and what follows, without spaces.
    case url
    /// Numbers with units, from the largest to the smallest: "90s", "1h30m", "500ms", "7d". 0 is "0s".
    case duration

    /// For a sentence: "must be …".
    package var sentence: String {
        switch self {
        case .hostname: "a host name or an IPv4 address, such as plug.local"
        case .ipv4: "an IPv4 address, such as 192.168.1.20"
        case .url: "a URL, such as https://example.org/path"
        case .duration: "a duration, such as 90s, 15m, 1h30m or 7d"
        }
    }

    package func accepts(_ text: String) -> Bool {
        switch self {
        case .hostname: Self.isHostname(text)
        case .ipv4: Self.isIPv4(text)
        case .url: Self.isURL(text)
        case .duration: Self.isDuration(text)
        }
    }

    private static func isHostname(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                let bytes = label.utf8
                return (1...63).contains(bytes.count) && bytes.first != 0x2D && bytes.last != 0x2D
                    && bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x2D }
            }
    }

    private static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && part.utf8.allSatisfy(isDigit) && UInt8(part) != nil
                    && (part == "0" || part.first != "0")
            }
    }

    /// RFC 3986 without user information, which would put a password where it is shown.
    private static func isURL(_ text: String) -> Bool {
        let isPrintable = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !Array("\"<>\\^`{|}".utf8).contains($0) }
        guard isPrintable, let colon = text.firstIndex(of: ":") else { return false }
        let scheme = text[..<colon].utf8
        let rest = text[text.index(after: colon)...]
        let isScheme = scheme.allSatisfy { isLetter($0) || isDigit($0) || [0x2B, 0x2D, 0x2E].contains($0) }
        guard let first = scheme.first, isLetter(first), isScheme, rest.hasPrefix("//") else { return false }
        let authority = rest.dropFirst(2).prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else { return false }
        return isAuthority(authority)
    }

    private static func isAuthority(_ text: Substring) -> Bool {
        var host = text
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]") else { return false }
            host = text[text.index(after: text.startIndex)..<close]
            let isAddress = host.contains(":") && host.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
            return isAddress && isPort(text[text.index(after: close)...])
        }
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        host = text[..<colon]
        return isHostname(String(host)) && isPort(text[colon...])
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard text.first == ":" else { return text.isEmpty }
        let digits = text.dropFirst()
        return digits.utf8.allSatisfy(isDigit) && UInt16(digits) != nil
    }

    private static func isDuration(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        var units = ["d", "h", "m", "s", "ms"][...]
        while !rest.isEmpty {
            let digits = rest.prefix(while: isDigit)
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix(while: isLetter)
            rest = rest.dropFirst(unit.count)
            guard (1...9).contains(digits.count),
                let index = units.firstIndex(of: String(decoding: unit, as: UTF8.self))
            else { return false }
            units = units[(index + 1)...]
        }
        return !text.isEmpty
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
