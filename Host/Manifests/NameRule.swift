/// Names that are a first character and then more of a set, up to a length.
struct NameRule: Sendable {
    /// "a lower-case letter, then …": what is allowed.
    let sentence: String
    private let isFirst: @Sendable (UInt8) -> Bool
    private let isNext: @Sendable (UInt8) -> Bool
    private let limit: Int

    func accepts(_ text: String) -> Bool {
        guard let first = text.utf8.first, isFirst(first), text.utf8.count <= limit else { return false }
        return text.utf8.allSatisfy(isNext)
    }

    /// `[a-z][a-z0-9-]{0,63}`.
    static let command = NameRule(
        sentence: "a lower-case letter, then at most 63 lower-case letters, digits or hyphens",
        isFirst: isLower,
        isNext: { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") },
        limit: 64
    )

    /// `[a-z][a-z0-9_]{0,31}`.
    static let placeholder = NameRule(
        sentence: "a lower-case letter, then at most 31 lower-case letters, digits or underscores",
        isFirst: isLower,
        isNext: { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "_") },
        limit: 32
    )

    /// A device's id: `[A-Za-z0-9._:-]{1,64}`.
    static let device = NameRule(
        sentence: "1 to 64 letters, digits or any of . _ : -",
        isFirst: isDevice,
        isNext: isDevice,
        limit: 64
    )

    /// An entity's id: `[a-z][a-z0-9_-]{0,63}`.
    static let entity = NameRule(
        sentence: "a lower-case letter, then at most 63 lower-case letters, digits, hyphens or underscores",
        isFirst: isLower,
        isNext: { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") },
        limit: 64
    )

    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isDevice(_ byte: UInt8) -> Bool {
        isLower(byte | 0x20) && byte >= 0x41 || isDigit(byte) || [0x2E, 0x5F, 0x3A, 0x2D].contains(byte)
    }
}
