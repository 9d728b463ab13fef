/// What an extended header of a POSIX tar archive says about the entry behind it. Times, owners and the like are no
/// concern of a package and are left out.
struct PAXRecords {
    var path: [UInt8]?
    var linkTarget: [UInt8]?
    var size: Int64?
    /// Another notation for files with holes.
    var isSparse = false

    var isEmpty: Bool { path == nil && linkTarget == nil && size == nil && !isSparse }

    /// Nil if the records are not well-formed: each is its own length in decimal, a space, `key=value` and a newline.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let first = rest.first, first != 0 {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard (1...9).contains(digits.count), let length = Int(String(decoding: digits, as: UTF8.self)),
                length > digits.count + 1, length <= rest.count
            else { return nil }
            let record = rest.prefix(length)
            rest = rest.dropFirst(length)
            guard record[digits.endIndex] == 0x20, record.last == 0x0A else { return nil }
            let pair = record[(digits.endIndex + 1)...].dropLast()
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            guard take(key: String(decoding: pair[..<equals], as: UTF8.self), value: pair[(equals + 1)...]) else {
                return nil
            }
        }
    }

    private mutating func take(key: String, value: ArraySlice<UInt8>) -> Bool {
        switch key {
        case "path": path = Array(value)
        case "linkpath": linkTarget = Array(value)
        case "size":
            guard let number = Int64(String(decoding: value, as: UTF8.self)), number >= 0 else { return false }
            size = number
        default:
            if key.hasPrefix("GNU.sparse.") || key.hasPrefix("SCHILY.realsize") { isSparse = true }
        }
        return true
    }
}
