import HostAPI

/// Reads JSON from bytes. An index can be large: its entries are handed out one by one, and no tree of the whole is built.
struct JSONScanner {
    /// Why a text is not JSON that can be read.
    struct Problem: Error {
        /// "is nested deeper than 64 levels".
        var message: String
    }

    static let depthLimit = 64

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    /// The first key that was there twice in its object since this was cleared.
    private var repeatedKey: String?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Reads the one value of the text. If it is an object with a list of the name `list`, the elements of that list are
    /// handed to `take` as they come, with a key that is there twice in them, and the list that is returned is empty.
    mutating func document(
        list: String,
        take: (JSONValue, _ repeatedKey: String?) -> Void
    ) throws(Problem) -> JSONValue {
        skipSpace()
        let root: JSONValue
        if peek == UInt8(ascii: "{") {
            root = try object { (scanner, key) throws(Problem) in
                scanner.skipSpace()
                guard key == list, scanner.peek == UInt8(ascii: "[") else { return try scanner.value() }
                try scanner.elements { (scanner) throws(Problem) in
                    scanner.repeatedKey = nil
                    take(try scanner.value(), scanner.repeatedKey)
                    scanner.repeatedKey = nil
                }
                return .array([])
            }
        } else {
            root = try value()
        }
        if let repeatedKey { throw Problem(message: "has the key \"\(repeatedKey.excerpt)\" twice") }
        skipSpace()
        guard position == bytes.count else { throw invalid }
        return root
    }

    // MARK: Values

    private mutating func value() throws(Problem) -> JSONValue {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"):
            return try object { (scanner, _) throws(Problem) in try scanner.value() }
        case UInt8(ascii: "["):
            var values: [JSONValue] = []
            try elements { (scanner) throws(Problem) in values.append(try scanner.value()) }
            return .array(values)
        case UInt8(ascii: "\""): return .string(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(
        _ member: (inout JSONScanner, String) throws(Problem) -> JSONValue
    ) throws(Problem) -> JSONValue {
        var members: [String: JSONValue] = [:]
        try items(until: UInt8(ascii: "}")) { (scanner) throws(Problem) in
            let key = try scanner.text()
            scanner.skipSpace()
            try scanner.expect(UInt8(ascii: ":"))
            let value = try member(&scanner, key)
            if members.updateValue(value, forKey: key) != nil { scanner.repeatedKey = scanner.repeatedKey ?? key }
        }
        return .object(members)
    }

    private mutating func elements(_ element: (inout JSONScanner) throws(Problem) -> Void) throws(Problem) {
        try items(until: UInt8(ascii: "]"), element)
    }

    /// Reads what stands between brackets, with commas between the items.
    private mutating func items(
        until end: UInt8,
        _ item: (inout JSONScanner) throws(Problem) -> Void
    ) throws(Problem) {
        // Each level takes its share of a thread's stack.
        guard depth < Self.depthLimit else { throw Problem(message: "is nested deeper than \(Self.depthLimit) levels") }
        depth += 1
        defer { depth -= 1 }
        position += 1
        skipSpace()
        if peek == end {
            position += 1
            return
        }
        while true {
            skipSpace()
            try item(&self)
            skipSpace()
            if peek == end {
                position += 1
                return
            }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Problem) -> JSONValue {
        for offset in 0..<word.utf8CodeUnitCount { try expect(word.utf8Start[offset]) }
        return value
    }

    private mutating func number() throws(Problem) -> JSONValue {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        let first = peek
        let digits = skipDigits()
        guard digits == 1 || digits > 1 && first != UInt8(ascii: "0") else { throw invalid }
        var isWhole = true
        if peek == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            guard skipDigits() > 0 else { throw invalid }
        }
        if let byte = peek, byte | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            guard skipDigits() > 0 else { throw invalid }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text) else { throw invalid }
        return .number(value)
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek, (0x30...0x39).contains(byte) { position += 1 }
        return position - start
    }

    // MARK: Text

    private mutating func text() throws(Problem) -> String {
        try expect(UInt8(ascii: "\""))
        let start = position
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        var unescaped: [UInt8]?
        if peek != UInt8(ascii: "\"") { unescaped = try rest(after: Array(bytes[start..<position])) }
        let end = position
        try expect(UInt8(ascii: "\""))
        guard let text = String(validating: unescaped ?? Array(bytes[start..<end]), as: UTF8.self) else {
            throw Problem(message: "is not UTF-8 text")
        }
        return text
    }

    /// The rest of a text in which something is escaped.
    private mutating func rest(after beginning: [UInt8]) throws(Problem) -> [UInt8] {
        var text = beginning
        while let byte = peek, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw invalid }
            position += 1
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard let escape = peek else { throw invalid }
            position += 1
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"): text += String(try scalar()).utf8
            default: throw invalid
            }
        }
        return text
    }

    /// The character after `\u`; half a surrogate pair becomes the replacement character.
    private mutating func scalar() throws(Problem) -> Character {
        let first = try fourDigits()
        var value = first
        if (0xD800..<0xDC00).contains(first), peek == UInt8(ascii: "\\"), position + 1 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "u")
        {
            let start = position
            position += 2
            let second = try fourDigits()
            if (0xDC00..<0xE000).contains(second) {
                value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
            } else {
                position = start
            }
        }
        return Character(Unicode.Scalar(value) ?? "\u{FFFD}")
    }

    private mutating func fourDigits() throws(Problem) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw invalid }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    // MARK: Bytes

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func expect(_ byte: UInt8) throws(Problem) {
        guard peek == byte else { throw invalid }
        position += 1
    }

    private var invalid: Problem {
        guard position < bytes.count else { return Problem(message: "is not valid JSON: it ends too early") }
        let line = bytes[..<position].count { $0 == 0x0A } + 1
        return Problem(message: "is not valid JSON, see line \(line)")
    }
}
