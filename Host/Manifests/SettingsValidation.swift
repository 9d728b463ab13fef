package import HostAPI

/// One thing that is wrong with a settings document.
package struct SettingsProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// A JSON pointer to the value, or to the place where one is missing; "" is the document itself.
    package var pointer: String
    /// What would be right, to be read after "the value": `must be at least 1`.
    package var message: String
    /// The value as it may be shown; nil if there is none or it is, or may be, a secret.
    package var value: String?
    /// The word that was probably meant.
    package var suggestion: String?

    package init(pointer: String, message: String, value: String? = nil, suggestion: String? = nil) {
        self.pointer = pointer
        self.message = message
        self.value = value
        self.suggestion = suggestion
    }

    /// `/interval: must be at least 1, is 0`.
    package var description: String {
        (pointer.isEmpty ? "the settings" : pointer + ":") + " \(message)" + (value.map { ", is \($0)" } ?? "")
            + (suggestion.map { " (did you mean \"\($0)\"?)" } ?? "")
    }
}

extension SettingsSchema {
    /// Everything that is wrong with a document, in the order of its pointers; empty if it is valid.
    ///
    /// Nothing is filled in: validate what `fillingDefaults` returns.
    package func validate(_ document: JSONValue) -> [SettingsProblem] {
        var problems: [SettingsProblem] = []
        check(document, at: "", &problems)
        return problems
    }

    private func check(_ value: JSONValue, at pointer: String, _ problems: inout [SettingsProblem]) {
        let found = problems.count
        switch (shape, value) {
        case (.object(let rules), .object(let members)):
            check(members, rules, at: pointer, &problems)
        case (.array(let rules), .array(let elements)):
            check(elements, rules, at: pointer, &problems)
        case (.string(let rules), .string(let text)):
            problems += violations(of: rules, by: text).map { problem(at: pointer, $0, value) }
        case (.integer(let rules), _) where value.integerValue != nil,
            (.number(let rules), _) where value.numberValue != nil:
            problems += violations(of: rules, by: value).map { problem(at: pointer, $0, value) }
        case (.boolean, .bool):
            break
        default:
            problems.append(problem(at: pointer, "must be \(kindName)", value))
        }
        guard problems.count == found, let allowed, !allowed.contains(where: { $0.isSame(as: value) }) else { return }
        var refusal = problem(at: pointer, "must be \(alternatives(allowed.map(\.shown)))", value)
        if case .string(let text) = value, !isSecret {
            refusal.suggestion = Suggestion.nearest(to: text, among: allowed.compactMap(\.stringValue))
        }
        problems.append(refusal)
    }

    private func check(
        _ members: [String: JSONValue],
        _ rules: ObjectRules,
        at pointer: String,
        _ problems: inout [SettingsProblem]
    ) {
        for name in Set(members.keys).union(rules.required).sorted() {
            let place = JSONPointer.member(name, of: pointer)
            guard let value = members[name] else {
                problems.append(SettingsProblem(pointer: place, message: "is required"))
                continue
            }
            if let schema = member(name) {
                schema.check(value, at: place, &problems)
            } else if rules.additional == .none {
                // Its value is not shown: it may be a misspelt secret. The key that is meant may be there: as a default.
                let suggestion = Suggestion.nearest(to: name, among: rules.properties.keys)
                problems.append(
                    SettingsProblem(pointer: place, message: "is not a setting", suggestion: suggestion)
                )
            }
        }
    }

    private func check(
        _ elements: [JSONValue],
        _ rules: ArrayRules,
        at pointer: String,
        _ problems: inout [SettingsProblem]
    ) {
        if elements.count < rules.minimumCount {
            let message = "must have at least \(counted(rules.minimumCount, "item")), has \(elements.count)"
            problems.append(SettingsProblem(pointer: pointer, message: message))
        }
        if let maximum = rules.maximumCount, elements.count > maximum {
            let message = "must have at most \(counted(maximum, "item")), has \(elements.count)"
            problems.append(SettingsProblem(pointer: pointer, message: message))
        }
        var seen: Set<JSONValue> = []
        for (index, element) in elements.enumerated() {
            let place = JSONPointer.element(index, of: pointer)
            rules.items.check(element, at: place, &problems)
            if rules.isUnique, !seen.insert(element.withEqualNumbersAlike).inserted {
                problems.append(rules.items.problem(at: place, "must not be there twice", element))
            }
        }
    }

    private func violations(of rules: StringRules, by text: String) -> [String] {
        var messages: [String] = []
        let length = text.unicodeScalars.count
        if length < rules.minimumLength {
            messages.append("must have at least \(counted(rules.minimumLength, "character"))")
        }
        if let maximum = rules.maximumLength, length > maximum {
            messages.append("must have at most \(counted(maximum, "character"))")
        }
        if let pattern = rules.pattern, !pattern.matches(text) {
            messages.append("must match the pattern \(pattern.source)")
        }
        if let format = rules.format, !format.accepts(text) {
            messages.append("must be \(format.sentence)")
        }
        return messages
    }

    private func violations(of rules: NumberRules, by value: JSONValue) -> [String] {
        var messages: [String] = []
        if let bound = rules.minimum, value.isLess(than: bound) { messages.append("must be at least \(bound.shown)") }
        if let bound = rules.maximum, bound.isLess(than: value) { messages.append("must be at most \(bound.shown)") }
        if let bound = rules.exclusiveMinimum, !bound.isLess(than: value) {
            messages.append("must be greater than \(bound.shown)")
        }
        if let bound = rules.exclusiveMaximum, !value.isLess(than: bound) {
            messages.append("must be less than \(bound.shown)")
        }
        return messages
    }

    private func problem(at pointer: String, _ message: String, _ value: JSONValue) -> SettingsProblem {
        SettingsProblem(pointer: pointer, message: message, value: containsSecret ? nil : value.shown)
    }

    private var kindName: String {
        switch shape {
        case .object: "an object"
        case .array: "an array"
        case .string: "text"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        }
    }
}

private func counted(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }

extension JSONValue {
    /// A form in which values that JSON Schema calls equal are equal, so that they can go into a set.
    fileprivate var withEqualNumbersAlike: JSONValue {
        switch self {
        case .number(let value): Int64(exactly: value).map { .integer($0) } ?? self
        case .array(let elements): .array(elements.map(\.withEqualNumbersAlike))
        case .object(let members): .object(members.mapValues(\.withEqualNumbersAlike))
        case .null, .bool, .integer, .string: self
        }
    }
}
