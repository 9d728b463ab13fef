/// `MAJOR.MINOR.PATCH`, or `MAJOR.MINOR.PATCH-pre.1`: semantic versioning without build metadata.
package struct PluginVersion: Sendable, Hashable, CustomStringConvertible {
    package let major: Int
    package let minor: Int
    package let patch: Int
    /// What stands after the hyphen, split at dots; empty for a release.
    package let prerelease: [String]

    /// Nil if `text` is not a version.
    package init?(_ text: String) {
        let halves = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = halves[0].split(separator: ".", omittingEmptySubsequences: false).compactMap { Self.number($0) }
        guard halves[0].utf8.count(where: { $0 == UInt8(ascii: ".") }) == 2, numbers.count == 3 else { return nil }
        var prerelease: [String] = []
        if halves.count == 2 {
            prerelease = halves[1].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard prerelease.allSatisfy(Self.isIdentifier), text.utf8.count <= 64 else { return nil }
        }
        major = numbers[0]
        minor = numbers[1]
        patch = numbers[2]
        self.prerelease = prerelease
    }

    package var description: String {
        "\(major).\(minor).\(patch)" + (prerelease.isEmpty ? "" : "-" + prerelease.joined(separator: "."))
    }

    private static func number(_ text: Substring) -> Int? {
        let isDigits = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isDigits, text.utf8.count <= 9, text == "0" || text.first != "0" else { return nil }
        return Int(text)
    }

    private static func isIdentifier(_ text: String) -> Bool {
        let isWord = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
        }
        let isNumber = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return !text.isEmpty && isWord && (!isNumber || number(text[...]) != nil)
    }
}

extension PluginVersion: Comparable {
    /// Precedence as semantic versioning 2.0.0 (section 11) has it: `1.0.0-rc.2 < 1.0.0-rc.10 < 1.0.0`.
    package static func < (left: PluginVersion, right: PluginVersion) -> Bool {
        let leftNumbers = (left.major, left.minor, left.patch)
        let rightNumbers = (right.major, right.minor, right.patch)
        guard leftNumbers == rightNumbers else { return leftNumbers < rightNumbers }
        guard !left.prerelease.isEmpty, !right.prerelease.isEmpty else {
            return !left.prerelease.isEmpty && right.prerelease.isEmpty
        }
        for (first, second) in zip(left.prerelease, right.prerelease) where first != second {
            switch (Int(first), Int(second)) {
            case (let first?, let second?): return first < second
            case (.some, nil): return true
            case (nil, .some): return false
            case (nil, nil): return first < second
            }
        }
        return left.prerelease.count < right.prerelease.count
    }
}
