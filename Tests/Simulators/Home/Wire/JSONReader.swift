/// What a text has that JSON (RFC 8259) does not allow, and where.
package struct JSONError: Error, CustomStringConvertible {
    package let offset: Int
    package let description: String
}

extension JSON {
    /// Reads one JSON text in UTF-8.
    ///
    /// - Throws: `JSONError` for anything that is not exactly one value, or is nested deeper than 64.
    package init(bytes: [UInt8]) throws(JSONError) {
        var reader = JSONReader(bytes: bytes)
        self = try reader.readDocument()
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    var offset = 0
    var depth = 0

    mutating func readDocument() throws(JSONError) -> JSON {
        let value = try readValue()
        skipSpace()
        guard offset == bytes.count else { throw unexpected("text after the value") }
        return value
    }

    private func unexpected(_ what: String) -> JSONError {
        JSONError(offset: offset, description: "JSON: \(what) at byte \(offset)")
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private func peek() -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func readValue() throws(JSONError) -> JSON {
        skipSpace()
        switch peek() {
        case UInt8(ascii: "{"): return try readObject()
        case UInt8(ascii: "["): return try readArray()
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        case nil: throw unexpected("end of text")
        default: return try readNumber()
        }
    }

    private mutating func readWord(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let end = offset + word.utf8CodeUnitCount
        guard end <= bytes.count, bytes[offset..<end].elementsEqual(word.description.utf8) else {
            throw unexpected("unknown word")
        }
        offset = end
        return value
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        offset += 1
        guard depth <= 64 else { throw unexpected("more than 64 levels") }
    }

    private mutating func readObject() throws(JSONError) -> JSON {
        try enter()
        defer { depth -= 1 }
        var members: [JSON.Member] = []
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else { throw unexpected("no key") }
            let key = try readString()
            skipSpace()
            guard take(":") else { throw unexpected("no colon after a key") }
            members.append(JSON.Member(key, try readValue()))
            skipSpace()
        } while take(",")
        guard take("}") else { throw unexpected("object is not closed") }
        return .object(members)
    }

    private mutating func readArray() throws(JSONError) -> JSON {
        try enter()
        defer { depth -= 1 }
        var elements: [JSON] = []
        skipSpace()
        if take("]") { return .array(elements) }
        repeat {
            elements.append(try readValue())
            skipSpace()
        } while take(",")
        guard take("]") else { throw unexpected("array is not closed") }
        return .array(elements)
    }

    private mutating func readNumber() throws(JSONError) -> JSON {
        let start = offset
        while let byte = peek(), "+-.eE0123456789".utf8.contains(byte) { offset += 1 }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if let integer = Int(text) { return .integer(integer) }
        if let double = Double(text), double.isFinite { return .double(double) }
        offset = start
        throw unexpected("no value")
    }

    private mutating func readString() throws(JSONError) -> String {
        offset += 1
        var text: [UInt8] = []
        while let byte = peek() {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: try readEscape())
            case 0..<0x20: throw unexpected("control character in a string")
            default: text.append(byte)
            }
        }
        throw unexpected("string is not closed")
    }

    private mutating func readEscape() throws(JSONError) -> [UInt8] {
        guard let byte = peek() else { throw unexpected("end of text") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(try readScalar()).utf8)
        default: throw unexpected("unknown escape")
        }
    }

    private mutating func readScalar() throws(JSONError) -> Unicode.Scalar {
        let high = try readUnit()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard take("\\"), take("u") else { throw unexpected("half a surrogate pair") }
        let low = try readUnit()
        guard UTF16.isLeadSurrogate(UInt16(high)), UTF16.isTrailSurrogate(UInt16(low)),
            let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        else { throw unexpected("half a surrogate pair") }
        return scalar
    }

    private mutating func readUnit() throws(JSONError) -> UInt32 {
        let digits = bytes[offset..<min(offset + 4, bytes.count)]
        guard digits.count == 4, let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw unexpected("no four digits after \\u")
        }
        offset += 4
        return unit
    }
}
