import HostAPI

/// What is wrong at one place of an index.
struct IndexProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// Names and numbers from the document's root: `plugins/3/versions/0/sha256`.
    var place: String
    /// "must be text, is an integer".
    var message: String

    var description: String { place.isEmpty ? "the index \(message)" : "\(place): \(message)" }
}

/// A value of an index and where it stands.
struct IndexField {
    let value: JSONValue
    let place: String

    init(_ value: JSONValue, at place: String = "") {
        self.value = value
        self.place = place
    }

    func problem(_ message: String) -> IndexProblem { IndexProblem(place: place, message: message) }

    /// The member of that name; null counts as absent. Members that nobody asks for do not matter.
    func member(_ key: String) -> IndexField? {
        guard let member = value[key], member != .null else { return nil }
        return IndexField(member, at: placeOfMember(key))
    }

    func required(_ key: String) throws(IndexProblem) -> IndexField {
        guard case .object = value else { throw problem("must be an object, is \(value.kindName)") }
        if let member = member(key) { return member }
        throw IndexProblem(place: placeOfMember(key), message: "is missing")
    }

    func list() throws(IndexProblem) -> [IndexField] {
        guard case .array(let elements) = value else { throw problem("must be a list, is \(value.kindName)") }
        return elements.enumerated().map { index, element in IndexField(element, at: "\(place)/\(index)") }
    }

    func text() throws(IndexProblem) -> String {
        switch value {
        case .string(let text): return text
        case .integer, .number: throw problem("must be text, is \(value.kindName); put it in quotes")
        default: throw problem("must be text, is \(value.kindName)")
        }
    }

    /// Text for people, in one line: it comes from a stranger and is shown on a terminal.
    func line() throws(IndexProblem) -> String {
        let text = try text()
        guard !text.unicodeScalars.allSatisfy(\.isPrintable) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isPrintable ? $0 : " " }))
    }

    private func placeOfMember(_ key: String) -> String { place.isEmpty ? key : "\(place)/\(key)" }
}

extension Unicode.Scalar {
    /// Neither a control character nor one that turns the direction of what follows.
    fileprivate var isPrintable: Bool {
        if isASCII { return value >= 0x20 && value != 0x7F }
        switch properties.generalCategory {
        case .control, .surrogate, .lineSeparator, .paragraphSeparator: return false
        // The joiners are parts of words and of emoji.
        case .format: return value == 0x200C || value == 0x200D
        default: return true
        }
    }
}
