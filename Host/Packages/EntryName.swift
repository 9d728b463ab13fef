import HostAPI

/// Where a file or directory lies in its package: checked, so that it can only lead downwards.
struct EntryName: Hashable {
    /// Never empty, nor is one of them `.` or `..`.
    let parts: [String]

    var path: String { parts.joined(separator: "/") }

    /// A file or directory that is no part of the package: version control, leftovers of editors, macOS's `._` files.
    var isHidden: Bool { parts.contains { $0.hasPrefix(".") } }

    /// Reads a name from an archive.
    ///
    /// - Parameters:
    ///   - bytes: As they are there, with the slash that a directory's name ends with.
    ///   - isDirectory: Whether it is a directory's.
    /// - Returns: Nil for the package's own directory, `./`.
    /// - Throws: What is wrong with it.
    static func parse(_ bytes: [UInt8], isDirectory: Bool) throws(PackageRefusal) -> EntryName? {
        func refuse(_ reason: String) -> PackageRefusal { .entry(bytes, reason) }

        guard !bytes.isEmpty else { throw .whole("has an entry without a name") }
        guard !bytes.contains(0) else { throw refuse("has a NUL byte in its name") }
        guard bytes.first != UInt8(ascii: "/") else {
            throw refuse("is an absolute path; it must be relative to the package, such as lib/data.json")
        }
        guard bytes.count <= PackageLimits.pathBytes else {
            throw refuse("has a path of \(bytes.count) bytes; at most \(PackageLimits.pathBytes) are allowed")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw refuse("has a name that is not UTF-8")
        }
        guard !text.unicodeScalars.contains(where: \.isInvisible) else {
            throw refuse("has a control character in its name")
        }
        var parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        while parts.first == ".", parts.count > 1 { parts.removeFirst() }
        if parts.last == "" {
            guard isDirectory else { throw refuse("is a file, but its name ends with a slash") }
            parts.removeLast()
        }
        if isDirectory, parts.isEmpty || parts == ["."] { return nil }
        for part in parts {
            guard part != ".." else {
                throw refuse("leads out of the package with \"..\"; every name must stay inside")
            }
            guard !part.isEmpty, part != "." else {
                throw refuse("has an empty part in its path; write it with single slashes and without \".\"")
            }
            guard part.utf8.count <= PackageLimits.nameBytes else {
                throw refuse(
                    "has a name of \(part.utf8.count) bytes; at most \(PackageLimits.nameBytes) are allowed"
                )
            }
        }
        return EntryName(parts: parts)
    }

    // Not as strings: those are equal for Swift if they look equal, whichever bytes they are.
    static func == (left: EntryName, right: EntryName) -> Bool {
        left.parts.count == right.parts.count && left.path.utf8.elementsEqual(right.path.utf8)
    }

    func hash(into hasher: inout Hasher) {
        for byte in path.utf8 { hasher.combine(byte) }
    }
}

extension Unicode.Scalar {
    /// Characters that are not seen, or change what is seen around them.
    fileprivate var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

extension String {
    /// For a sentence: what cannot be seen is spelled out, and what is too long is cut.
    var shownInMessage: String {
        var shown = ""
        for scalar in unicodeScalars.prefix(300) {
            if scalar.isInvisible {
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return unicodeScalars.count > 300 ? shown + "…" : shown
    }
}
