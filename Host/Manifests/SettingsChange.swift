package import HostAPI

/// What differs between two settings documents, and what it costs to take it over.
package struct SettingsChange: Sendable, Equatable {
    /// One changed value.
    package struct Entry: Sendable, Equatable {
        /// A JSON pointer.
        package var pointer: String
        /// Nil: it was not there.
        package var old: JSONValue?
        /// Nil: it is not there any more.
        package var new: JSONValue?
        package var scope: RestartScope
        /// `old` and `new` as they may be shown: secrets are masked.
        package var shownOld: JSONValue?
        package var shownNew: JSONValue?
    }

    /// Sorted by pointer.
    package var entries: [Entry]

    package var isEmpty: Bool { entries.isEmpty }

    /// The widest scope of all that changed; `hot` if nothing did.
    package var scope: RestartScope { entries.map(\.scope).max() ?? .hot }

    /// `{"<pointer>": {"old": …, "new": …}}` with secrets in clear: for the plugin and nobody else. Null stands for a
    /// value that is not there.
    package var jsonValue: JSONValue { json(old: \.old, new: \.new) }

    /// The same for people: secrets are masked.
    package var shownValue: JSONValue { json(old: \.shownOld, new: \.shownNew) }

    private func json(old: (Entry) -> JSONValue?, new: (Entry) -> JSONValue?) -> JSONValue {
        let members = entries.map { entry in
            (entry.pointer, JSONValue.object(["old": old(entry) ?? .null, "new": new(entry) ?? .null]))
        }
        return .object(Dictionary(members, uniquingKeysWith: { first, _ in first }))
    }
}

extension SettingsChange: CustomStringConvertible {
    /// One line for each change, secrets masked: `/interval: 10 -> 20 (hot)`.
    package var description: String {
        entries.map { entry in
            let old = entry.shownOld?.text ?? "nothing"
            let new = entry.shownNew?.text ?? "nothing"
            return "\(entry.pointer): \(old) -> \(new) (\(entry.scope.rawValue))"
        }.joined(separator: "\n")
    }
}

extension SettingsSchema {
    /// What a secret looks like wherever it is shown.
    package static let mask = "********"

    /// What differs between two documents. Objects are compared member by member, arrays of one length element by
    /// element; everything else is one value. 1 and 1.0 do not differ.
    package func diff(old: JSONValue, new: JSONValue) -> SettingsChange {
        var entries: [SettingsChange.Entry] = []
        Lens(schema: self, restart: restart).compare(old, new, at: "", &entries)
        return SettingsChange(entries: entries.sorted { $0.pointer < $1.pointer })
    }

    /// The document as it may be shown.
    package func masking(_ document: JSONValue) -> JSONValue {
        if isSecret { return .string(Self.mask) }
        switch (shape, document) {
        case (.object(let rules), .object(let members)):
            return .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { name, value in
                        if let schema = member(name) { return (name, schema.masking(value)) }
                        // Nobody says what an undeclared member is, and it may be a misspelt secret.
                        return (name, rules.additional == .any ? value : .string(Self.mask))
                    }
                )
            )
        case (.array(let rules), .array(let elements)):
            return .array(elements.map(rules.items.masking))
        default:
            return containsSecret ? .string(Self.mask) : document
        }
    }

    /// The widest scope in a value that comes or goes as a whole.
    fileprivate func scope(of value: JSONValue) -> RestartScope {
        switch (shape, value) {
        case (.object, .object(let members)):
            members.map { member($0)?.scope(of: $1) ?? restart }.reduce(restart, max)
        case (.array(let rules), .array(let elements)):
            elements.map(rules.items.scope).reduce(restart, max)
        default:
            restart
        }
    }
}

/// What is known about the place that is compared.
private struct Lens {
    /// Nil: the schema does not declare the place.
    var schema: SettingsSchema?
    var restart: RestartScope
    /// Whether a value without a schema may be shown. One that the schema does not allow may not: it may be a secret of
    /// an older version.
    var isOpen = false

    func member(_ name: String) -> Lens {
        guard let schema else { return self }
        var isOpen = false
        if case .object(let rules) = schema.shape { isOpen = rules.additional == .any }
        return Lens(schema: schema.member(name), restart: schema.restart, isOpen: isOpen)
    }

    var element: Lens {
        guard let schema, case .array(let rules) = schema.shape else { return self }
        return Lens(schema: rules.items, restart: schema.restart)
    }

    func shown(_ value: JSONValue) -> JSONValue {
        schema?.masking(value) ?? (isOpen ? value : .string(SettingsSchema.mask))
    }

    func compare(
        _ old: JSONValue?,
        _ new: JSONValue?,
        at pointer: String,
        _ entries: inout [SettingsChange.Entry]
    ) {
        switch (old, new) {
        case (.object(let old)?, .object(let new)?):
            for name in Set(old.keys).union(new.keys) {
                member(name).compare(old[name], new[name], at: JSONPointer.member(name, of: pointer), &entries)
            }
        case (.array(let old)?, .array(let new)?) where old.count == new.count:
            for index in old.indices {
                element.compare(old[index], new[index], at: JSONPointer.element(index, of: pointer), &entries)
            }
        case (let old?, let new?) where old.isSame(as: new):
            break
        default:
            entries.append(
                SettingsChange.Entry(
                    pointer: pointer,
                    old: old,
                    new: new,
                    scope: [old, new].compactMap { $0 }.map { schema?.scope(of: $0) ?? restart }.max() ?? restart,
                    shownOld: old.map(shown),
                    shownNew: new.map(shown)
                )
            )
        }
    }
}
