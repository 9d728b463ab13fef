/// How a text stands out on a terminal with colours.
enum Emphasis: String, Sendable {
    case none = ""
    case bold = "1"
    case dim = "2"
    case good = "32"
    case caution = "33"
    case bad = "31"

    /// The text between the codes of this emphasis (ECMA-48, SGR).
    func applied(to text: String) -> String {
        self == .none || text.isEmpty ? text : "\u{1B}[\(rawValue)m\(text)\u{1B}[0m"
    }
}

/// One field of a table, or one fact in a description.
struct Cell: Sendable, Equatable, ExpressibleByStringInterpolation {
    var text: String
    var emphasis: Emphasis

    /// Controls become spaces: names and messages come from plugins and devices, and must neither break a
    /// table nor command the terminal.
    init(_ text: String, _ emphasis: Emphasis = .none) {
        self.text = harmless(text)
        self.emphasis = emphasis
    }

    init(stringLiteral text: String) {
        self.init(text)
    }

    /// A number or name that may be missing.
    init(_ value: (some CustomStringConvertible)?, or missing: String = "-") {
        self.init(value?.description ?? missing, value == nil ? .dim : .none)
    }
}

/// How many columns of a terminal the text takes.
func displayWidth(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + displayWidth($1) }
}

/// Columns of one character: 2 for East Asian wide ones and emoji (Unicode TR 11), else 1.
func displayWidth(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    switch first.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
        return 2
    default:
        return first.properties.generalCategory == .nonspacingMark ? 0 : 1
    }
}
