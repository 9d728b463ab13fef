/// How the core schema of YAML 1.2 (section 10.3.2) reads a scalar without quotes. `yes`, `no`, `on` and `off` are text.
enum YAMLScalar {
    /// What a plain scalar means.
    ///
    /// - Throws: `YAMLScalarError` for a number that cannot be kept exactly enough.
    static func resolve(_ source: String) throws(YAMLScalarError) -> YAMLNode.Content {
        switch source {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case ".nan", ".NaN", ".NAN": throw YAMLScalarError.notFinite
        default: break
        }
        let bytes = Array(source.utf8)
        if let content = try integer(bytes) { return content }
        if let content = try number(bytes) { return content }
        return .text(source)
    }

    private static func integer(_ bytes: [UInt8]) throws(YAMLScalarError) -> YAMLNode.Content? {
        var digits = bytes[...]
        var radix = 10
        if bytes.starts(with: Array("0o".utf8)) || bytes.starts(with: Array("0x".utf8)) {
            radix = bytes[1] == UInt8(ascii: "o") ? 8 : 16
            digits = bytes.dropFirst(2)
        } else if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            digits = bytes.dropFirst()
        }
        let isInteger = !digits.isEmpty && digits.allSatisfy { Character(UnicodeScalar($0)).isDigit(ofRadix: radix) }
        guard isInteger else { return nil }
        let text = String(decoding: radix == 10 ? bytes[...] : digits, as: UTF8.self)
        guard let value = Int64(text, radix: radix) else { throw YAMLScalarError.tooLarge }
        return .integer(value)
    }

    private static func number(_ bytes: [UInt8]) throws(YAMLScalarError) -> YAMLNode.Content? {
        var rest = bytes[...]
        func take(_ characters: String) -> Bool {
            guard let first = rest.first, characters.utf8.contains(first) else { return false }
            rest.removeFirst()
            return true
        }
        func takeDigits() -> Int {
            let count = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }.count
            rest.removeFirst(count)
            return count
        }
        _ = take("+-")
        if [".inf", ".Inf", ".INF"].contains(String(decoding: rest, as: UTF8.self)) { throw YAMLScalarError.notFinite }
        var digits = takeDigits()
        if take(".") { digits += takeDigits() }
        guard digits > 0 else { return nil }
        if take("eE") {
            _ = take("+-")
            guard takeDigits() > 0 else { return nil }
        }
        guard rest.isEmpty, let value = Double(String(decoding: bytes, as: UTF8.self)) else { return nil }
        guard value.isFinite else { throw YAMLScalarError.tooLarge }
        return .number(value)
    }
}

/// A plain scalar that looks like a number and cannot be one.
enum YAMLScalarError: Error, CustomStringConvertible {
    case tooLarge
    case notFinite

    var description: String {
        switch self {
        case .tooLarge: "is too large for a number; if it is text, put it in quotes"
        case .notFinite: "is not a number that can be used here; if it is text, put it in quotes"
        }
    }
}

extension Character {
    fileprivate func isDigit(ofRadix radix: Int) -> Bool {
        guard isASCII, let value = hexDigitValue else { return false }
        return value < radix
    }
}
