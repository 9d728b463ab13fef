/// A repository's `config`, as git-config(1) describes the format. Included files are not read.
struct GitConfiguration {
    struct Entry: Equatable {
        /// Lower case.
        var section: String
        var subsection: String?
        /// Lower case.
        var key: String
        /// Nil for a key without `=`.
        var value: String?
    }

    private(set) var entries: [Entry] = []

    /// What can be read of it: a line that is wrong is left out.
    init(_ bytes: [UInt8]) {
        var parser = GitConfigurationParser(bytes)
        while let entry = parser.next() { entries.append(entry) }
    }

    /// The last value of that key.
    func value(_ section: String, _ subsection: String?, _ key: String) -> String? {
        values(section, subsection, key).last
    }

    private func values(_ section: String, _ subsection: String?, _ key: String) -> [String] {
        entries.filter { $0.section == section && $0.subsection == subsection && $0.key == key }.compactMap(\.value)
    }

    /// Where a branch comes from: its own remote, else `origin`, else the only one that there is.
    func remoteURL(branch: String?) -> String? {
        if let name = branch.flatMap({ value("branch", $0, "remote") }), name != "." {
            // The URL itself may stand there.
            return GitURL.withoutCredentials(values("remote", name, "url").first ?? name)
        }
        let names = Set(entries.filter { $0.section == "remote" && $0.key == "url" }.compactMap(\.subsection))
        let name = names.contains("origin") ? "origin" : names.count == 1 ? names.first : nil
        return name.flatMap { values("remote", $0, "url").first }.map(GitURL.withoutCredentials)
    }
}

/// Takes a `config` apart, byte by byte.
private struct GitConfigurationParser {
    private let bytes: [UInt8]
    private var position = 0
    private var section = ""
    private var subsection: String?

    init(_ bytes: [UInt8]) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        self.bytes = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func next() -> GitConfiguration.Entry? {
        while let byte = current {
            switch byte {
            case UInt8(ascii: "["):
                position += 1
                if !readHeader() { skipLine() }
            case UInt8(ascii: "#"), UInt8(ascii: ";"):
                skipLine()
            case let byte where byte.isLetter:
                if let entry = readEntry() { return entry }
            default:
                position += 1
            }
        }
        return nil
    }

    private mutating func skipLine() {
        while let byte = current, byte != UInt8(ascii: "\n") { position += 1 }
    }

    private mutating func skipBlanks() {
        while let byte = current, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { position += 1 }
    }

    private mutating func readName(_ isPart: (UInt8) -> Bool) -> String {
        let start = position
        while let byte = current, isPart(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
    }

    /// `[section]`, `[section "Sub section"]` or the old `[section.subsection]`; false if it is none of them.
    private mutating func readHeader() -> Bool {
        let name = readName { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
        skipBlanks()
        let parts = name.split(separator: ".", maxSplits: 1)
        section = parts.first.map(String.init) ?? ""
        subsection = parts.count == 2 ? String(parts[1]) : nil
        if current == UInt8(ascii: "\"") {
            position += 1
            var text: [UInt8] = []
            while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\n") {
                position += 1
                guard byte == UInt8(ascii: "\\"), let escaped = current, escaped != UInt8(ascii: "\n") else {
                    text.append(byte)
                    continue
                }
                text.append(escaped)
                position += 1
            }
            position += 1
            subsection = String(decoding: text, as: UTF8.self)
        }
        guard current == UInt8(ascii: "]") else {
            section = ""
            return false
        }
        position += 1
        return true
    }

    private mutating func readEntry() -> GitConfiguration.Entry? {
        let key = readName { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
        skipBlanks()
        var value: String?
        if current == UInt8(ascii: "=") {
            position += 1
            value = readValue()
        } else {
            skipLine()
        }
        guard !section.isEmpty else { return nil }
        return GitConfiguration.Entry(section: section, subsection: subsection, key: key, value: value)
    }

    /// To the end of the line: quotes keep blanks and comment signs, a backslash at the end goes on.
    private mutating func readValue() -> String {
        skipBlanks()
        var text: [UInt8] = []
        var kept = 0
        var isQuoted = false
        while let byte = current, byte != UInt8(ascii: "\n") {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                isQuoted.toggle()
                kept = text.count
            case UInt8(ascii: "\\"):
                guard let escaped = current else { break }
                position += 1
                if let meaning = Self.meaning(escaped) { text.append(meaning) }
                kept = text.count
            case UInt8(ascii: "#") where !isQuoted, UInt8(ascii: ";") where !isQuoted:
                skipLine()
            case UInt8(ascii: "\r") where current == UInt8(ascii: "\n"):
                break
            default:
                text.append(byte)
                if isQuoted || (byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t")) { kept = text.count }
            }
        }
        return String(decoding: text.prefix(kept), as: UTF8.self)
    }

    /// Nil for the end of a line, which is left out.
    private static func meaning(_ escaped: UInt8) -> UInt8? {
        switch escaped {
        case UInt8(ascii: "\n"): nil
        case UInt8(ascii: "n"): UInt8(ascii: "\n")
        case UInt8(ascii: "t"): UInt8(ascii: "\t")
        case UInt8(ascii: "b"): 0x08
        default: escaped
        }
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
