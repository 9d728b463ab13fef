extension Unicode.Scalar {
    /// Whether the scalar can command a terminal (C0, DEL, C1) or make text read other than it is (the controls of
    /// Unicode's bidirectional algorithm, UAX 9).
    var isTerminalControl: Bool {
        // Nearly all text is plain; looking up Unicode's properties is not for free.
        if (0x20..<0x7F).contains(value) { return false }
        return properties.generalCategory == .control || properties.isBidiControl
    }
}

/// The text with each control as one space: for cells and messages.
func harmless(_ text: String) -> String {
    withControls(of: text) { _ in " " }
}

/// JSON or quoted YAML with each control but the line feeds between its lines as `\uXXXX`, which both read back as what
/// it was.
func escapingControls(_ document: String) -> String {
    withControls(of: document) { scalar in
        guard scalar != "\n" else { return "\n" }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

/// The lines of a message, harmless and without the middle of what no person reads through: what was typed may be echoed
/// in it, and can be of any length.
func brief(_ message: String) -> [String] {
    lines(of: message).map { line in
        guard line.utf8.count > 2_000 else { return harmless(line) }
        return harmless(line.prefix(200) + " … " + line.suffix(100))
    }
}

/// What stands between the line feeds.
func lines(of text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
}

private func withControls(of text: String, replacement: (Unicode.Scalar) -> String) -> String {
    guard text.unicodeScalars.contains(where: \.isTerminalControl) else { return text }
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        if scalar.isTerminalControl {
            clean.append(contentsOf: replacement(scalar).unicodeScalars)
        } else {
            clean.append(scalar)
        }
    }
    return String(clean)
}
