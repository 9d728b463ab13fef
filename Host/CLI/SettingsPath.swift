import HostAPI

/// The place of a value in a JSON document: `poll.interval`, or as a JSON pointer (RFC 6901) `/poll/interval`.
struct SettingsPath: Sendable, Equatable, CustomStringConvertible {
    /// At least one.
    let keys: [String]

    /// - Throws: `invalid-argument` for an empty path or an empty part of a dotted one.
    init(_ text: String) throws(Failure) {
        if text.hasPrefix("/") {
            keys = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { Self.unescaped($0) }
        } else {
            keys = text.split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
            guard keys.allSatisfy({ !$0.isEmpty }) else {
                throw Failure(
                    .invalidArgument,
                    "\"\(text.excerpt)\" is no path.",
                    hint: "Like this: poll.interval, /poll/interval"
                )
            }
        }
    }

    private init(keys: [String]) {
        self.keys = keys
    }

    /// The JSON pointer.
    var description: String { keys.map { "/" + Self.escaped($0) }.joined() }

    /// - Throws: `not-found`, naming the part that is not there.
    func value(in document: JSONValue) throws(Failure) -> JSONValue {
        var value = document
        for (depth, key) in keys.enumerated() {
            guard let next = Self.child(key, of: value) else {
                let missing = SettingsPath(keys: Array(keys[...depth]))
                let known = value.objectValue.map { Array($0.keys) } ?? []
                let hint = Suggestion.nearest(to: key, among: known).map { "Did you mean \"\($0)\"?" }
                throw Failure(.notFound, "There is no \(missing.description.excerpt) in the settings.", hint: hint)
            }
            value = next
        }
        return value
    }

    /// Sets the value there; objects that are missing on the way are made.
    ///
    /// - Throws: `invalid-argument` if the way leads through something that is neither object nor array, or past an
    ///   array's end.
    func set(_ value: JSONValue, in document: inout JSONValue) throws(Failure) {
        try set(value, in: &document, depth: 0)
    }

    private func set(_ value: JSONValue, in document: inout JSONValue, depth: Int) throws(Failure) {
        guard depth < keys.count else {
            document = value
            return
        }
        let key = keys[depth]
        switch document {
        case .object(var members):
            var member = members[key] ?? .object([:])
            try set(value, in: &member, depth: depth + 1)
            members[key] = member
            document = .object(members)
        case .array(var items):
            // RFC 6901: `-` is the place after the last.
            guard let index = key == "-" ? items.count : Int(key), (0...items.count).contains(index) else {
                throw refusal(depth, "an array of \(items.count)")
            }
            var item = index < items.count ? items[index] : .object([:])
            try set(value, in: &item, depth: depth + 1)
            if index < items.count { items[index] = item } else { items.append(item) }
            document = .array(items)
        case .null:
            document = .object([:])
            try set(value, in: &document, depth: depth)
        case .bool, .integer, .number, .string:
            throw refusal(depth, document.kindName)
        }
    }

    /// Removes the value there.
    ///
    /// - Returns: whether there was one.
    func remove(from document: inout JSONValue) -> Bool {
        guard (try? value(in: document)) != nil else { return false }
        Self.remove(keys[...], from: &document)
        return true
    }

    private static func remove(_ keys: ArraySlice<String>, from document: inout JSONValue) {
        guard let key = keys.first, var member = child(key, of: document) else { return }
        let isLast = keys.count == 1
        if !isLast { remove(keys.dropFirst(), from: &member) }
        switch document {
        case .object(var members):
            members[key] = isLast ? nil : member
            document = .object(members)
        case .array(var items):
            guard let index = Int(key) else { return }
            if isLast { items.remove(at: index) } else { items[index] = member }
            document = .array(items)
        default: return
        }
    }

    /// The pointers of all values that hold no others.
    static func leaves(of document: JSONValue) -> [SettingsPath] {
        leaves(of: document, at: [])
    }

    private static func leaves(of value: JSONValue, at keys: [String]) -> [SettingsPath] {
        switch value {
        case .object(let members) where !members.isEmpty:
            members.sorted { $0.key < $1.key }.flatMap { leaves(of: $0.value, at: keys + [$0.key]) }
        case .array(let items) where !items.isEmpty:
            items.enumerated().flatMap { leaves(of: $0.element, at: keys + [String($0.offset)]) }
        default: keys.isEmpty ? [] : [SettingsPath(keys: keys)]
        }
    }

    private static func child(_ key: String, of value: JSONValue) -> JSONValue? {
        switch value {
        case .object(let members): members[key]
        case .array(let items): Int(key).flatMap { items.indices.contains($0) ? items[$0] : nil }
        default: nil
        }
    }

    private func refusal(_ depth: Int, _ what: String) -> Failure {
        let parent = depth == 0 ? "The document" : SettingsPath(keys: Array(keys[..<depth])).description
        return Failure(.invalidArgument, "\(parent.excerpt) is \(what): there is no place for \(description.excerpt).")
    }

    private static func unescaped(_ part: Substring) -> String {
        part.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")
            .split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
    }

    private static func escaped(_ part: String) -> String {
        part.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
            .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
    }
}
