import HostAPI

/// A node that is being read: where it is, what it is called, and where its mistakes go.
package struct Place {
    package let node: YAMLNode
    /// A JSON pointer from the document's root.
    package let path: String
    /// How a sentence calls it: `"version"`, `an item of "tcp"`.
    package let label: String
    package let report: ProblemReport

    package init(root: YAMLNode, label: String, report: ProblemReport) {
        self.init(node: root, path: "", label: label, report: report)
    }

    private init(node: YAMLNode, path: String, label: String, report: ProblemReport) {
        self.node = node
        self.path = path
        self.label = label
        self.report = report
    }

    // MARK: Mistakes

    /// Reports what is wrong with the value. `message` follows the label: "must be at least 1".
    package func refuse(_ message: String, suggestion: String? = nil) {
        // A node that could not be read at all needs no second line.
        guard !report.hasProblem(at: path) else { return }
        report.add(.init(at: node.mark, path: path, message: "\(label) \(message)", suggestion: suggestion))
    }

    /// Reports that the value is not `expected`.
    package func mismatch(_ expected: String, suggestion: String? = nil) {
        refuse("must be \(expected), is \(node.summary)", suggestion: suggestion)
    }

    // MARK: Scalars

    package func text() -> String? {
        switch node.content {
        case .text(let text): return text
        case .integer, .number, .bool:
            refuse("must be text, is \(node.summary); put it in quotes")
        default:
            mismatch("text")
        }
        return nil
    }

    /// Text that says something.
    package func sentence() -> String? {
        guard let text = text() else { return nil }
        guard !text.allSatisfy(\.isWhitespace) else {
            refuse("must not be empty")
            return nil
        }
        return text
    }

    package func boolean() -> Bool? {
        switch node.content {
        case .bool(let value): return value
        case .text(let text) where ["yes", "on", "y"].contains(text.lowercased()):
            refuse("must be true or false, is \(node.summary); write true")
        case .text(let text) where ["no", "off", "n"].contains(text.lowercased()):
            refuse("must be true or false, is \(node.summary); write false")
        default: mismatch("true or false")
        }
        return nil
    }

    package func integer(in range: ClosedRange<Int> = 0...Int.max, called expected: String? = nil) -> Int? {
        if case .integer(let value) = node.content, range.contains(Int(value)) { return Int(value) }
        let bounds =
            range.upperBound == .max ? "from \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
        mismatch(expected ?? "a whole number \(bounds)")
        return nil
    }

    package func word<Word: RawRepresentable & CaseIterable>(of type: Word.Type) -> Word?
    where Word.RawValue == String {
        let words = type.allCases.map(\.rawValue)
        if case .text(let text) = node.content {
            if let value = Word(rawValue: text) { return value }
            mismatch(alternatives(words), suggestion: Suggestion.nearest(to: text, among: words))
        } else {
            mismatch(alternatives(words))
        }
        return nil
    }

    func pattern() -> Pattern? {
        guard let source = text() else { return nil }
        do throws(PatternError) {
            return try Pattern(source)
        } catch {
            refuse("is not a usable pattern: \(error)")
            return nil
        }
    }

    // MARK: Lists and mappings

    private static let countLimit = 1_000

    /// Keeps the work bounded where each item is compared with the others.
    private func isOfSensibleSize(_ count: Int) -> Bool {
        if count <= Self.countLimit { return true }
        refuse("must have at most \(Self.countLimit) items, has \(count)")
        return false
    }

    package func list() -> [Place]? {
        guard case .sequence(let elements) = node.content else {
            mismatch("a list")
            return nil
        }
        guard isOfSensibleSize(elements.count) else { return nil }
        return elements.enumerated().map { index, element in
            Place(
                node: element,
                path: JSONPointer.element(index, of: path),
                label: "an item of \(label)",
                report: report
            )
        }
    }

    /// The members of a mapping with keys of the author's choice, in the order of the file.
    package func entries() -> [Entry]? {
        guard case .mapping(let members) = node.content else {
            mismatch("a mapping")
            return nil
        }
        guard isOfSensibleSize(members.count) else { return nil }
        return members.map { Entry(key: $0.key, keyMark: $0.keyMark, value: place(of: $0)) }
    }

    /// The members of a mapping whose keys are known; others are reported.
    package func fields(_ known: [String], noun: String = "key") -> Fields? {
        guard case .mapping(let members) = node.content else {
            mismatch("a mapping")
            return nil
        }
        guard isOfSensibleSize(members.count) else { return nil }
        let given = Set(members.map(\.key))
        let unused = known.filter { !given.contains($0) }
        for member in members where !known.contains(member.key) {
            report.add(
                .init(
                    at: member.keyMark,
                    path: JSONPointer.member(member.key, of: path),
                    message: "unknown \(noun) \(quoted(member.key))",
                    suggestion: Suggestion.nearest(to: member.key, among: unused)
                )
            )
        }
        let places = members.map { ($0.key, place(of: $0)) }
        return Fields(place: self, places: Dictionary(places, uniquingKeysWith: { first, _ in first }))
    }

    private func place(of member: YAMLNode.Member) -> Place {
        Place(
            node: member.value,
            path: JSONPointer.member(member.key, of: path),
            label: quoted(member.key),
            report: report
        )
    }

    /// One member of a mapping.
    package struct Entry {
        package var key: String
        package var keyMark: SourceMark
        package var value: Place

        /// Reports what is wrong with the key itself.
        package func refuseKey(_ message: String) {
            value.report.add(.init(at: keyMark, path: value.path, message: "\(quoted(key)) \(message)"))
        }
    }

    /// The members of a mapping by name.
    package struct Fields {
        package let place: Place
        fileprivate let places: [String: Place]

        package subscript(key: String) -> Place? { places[key] }

        /// The member of that name; if there is none, that is reported.
        package func required(_ key: String) -> Place? {
            if let place = places[key] { return place }
            place.report.add(
                .init(
                    at: place.node.mark,
                    path: JSONPointer.member(key, of: place.path),
                    message: "\(quoted(key)) is missing" + (place.path.isEmpty ? "" : " in \(place.label)")
                )
            )
            return nil
        }
    }
}

/// `a, b or c`.
func alternatives(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
}
