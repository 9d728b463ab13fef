import FoundationEssentials
import HostAPI

/// Where a command's data and messages go, and in which form: the only place that knows the formats.
struct Output: Sendable {
    var format: OutputFormat = .table
    var isColoured = false
    /// Columns of the terminal; nil if the data does not go to one.
    var width: Int?
    var isAbsolute = false
    var isQuiet = false
    var clock: @Sendable () -> Timestamp = { .now }
    /// The terminal that messages go to; nil if they go elsewhere, or it cannot move its cursor.
    var messageTerminal: MessageTerminal?
    /// Reads what the user types in one line; nil where nobody can be asked.
    var ask: (@Sendable () -> String?)?
    /// What is said when Ctrl-C ends the program; nil: nothing.
    var sayOnInterrupt: @Sendable (String?) -> Void = { _ in }
    /// Standard output.
    var data: @Sendable (String) -> Void
    /// Standard error.
    var messages: @Sendable (String) -> Void

    static let apiVersion = "hostctl/1"

    var moments: Moments { Moments(now: clock(), isAbsolute: isAbsolute) }

    // MARK: Messages

    /// Says what was done and what to type next; not with `--quiet`.
    func say(_ sentence: String) {
        if !isQuiet { messages(harmless(sentence) + "\n") }
    }

    /// Says that something is not well, though the command succeeded.
    func warn(_ sentence: String) {
        messages(emphasized(.caution, "▲ \(harmless(sentence))") + "\n")
    }

    /// Says what the user has to see before a question, `--quiet` or not.
    func show(_ sentence: String) {
        messages(harmless(sentence) + "\n")
    }

    /// Asks a question; nil where nobody can be asked. All but a yes is a no.
    func confirm(_ question: String) -> Bool? {
        guard let ask else { return nil }
        messages("\(harmless(question)) [y/N] ")
        return ["y", "yes"].contains(ask()?.lowercased().filter { $0 != " " })
    }

    /// Says why a command failed.
    func report(_ failure: Failure) {
        messages("hostctl: \(emphasized(.bad, indented(failure.message)))\n")
        if let hint = failure.hint { messages("  \(indented(hint))\n") }
    }

    // MARK: Data

    /// Prints a list. An empty table is a sentence: `empty`.
    func list<Item: Listable>(_ items: [Item], empty: String) {
        switch format {
        case .table, .wide:
            guard !items.isEmpty else { return say(empty) }
            table(Item.table(items, moments, isWide: format == .wide))
        case .json, .yaml: document(ItemList(items: items))
        case .name: data(items.map { harmless($0.listName) + "\n" }.joined())
        }
    }

    /// Prints one thing: `description` for people, its name, or its members.
    func item(_ item: some Encodable, name: String, description: (Moments) -> Description) {
        switch format {
        case .table, .wide: data(description(moments).text(isColoured: isColoured))
        case .json, .yaml: document(item)
        case .name: data(harmless(name) + "\n")
        }
    }

    /// Prints one element of a stream: a line, in JSON too.
    func element(_ element: some Encodable, name: String, line: () -> [Cell]) {
        switch format {
        case .table, .wide:
            let cells = line().filter { !$0.text.isEmpty }
            data(cells.map { emphasized($0.emphasis, $0.text) }.joined(separator: "  ") + "\n")
        case .json: data(json(Versioned(value: element), isPretty: false) + "\n")
        case .yaml: data("---\n" + yaml(Versioned(value: element)))
        case .name: data(harmless(name) + "\n")
        }
    }

    /// Prints one document with the version of its form.
    func document(_ value: some Encodable) {
        let versioned = Versioned(value: value)
        data(format == .json ? json(versioned, isPretty: true) + "\n" : yaml(versioned))
    }

    func table(_ table: Table) {
        data(table.lines(width: width, isColoured: isColoured).map { $0 + "\n" }.joined())
    }

    /// Prints one value by itself, for scripts: a text without quotes and as it is, except to a terminal.
    func value(_ value: JSONValue) {
        if let text = value.stringValue {
            data((width == nil ? text : lines(of: text).map { harmless($0) }.joined(separator: "\n")) + "\n")
        } else {
            data(format == .yaml ? value.yaml : escapingControls(value.text) + "\n")
        }
    }

    private func emphasized(_ emphasis: Emphasis, _ text: String) -> String {
        isColoured ? emphasis.applied(to: text) : text
    }

    /// Lines after the first stand below it; other controls are gone.
    private func indented(_ text: String) -> String {
        brief(text).filter { !$0.isEmpty }.joined(separator: "\n  ")
    }

    private func json(_ value: some Encodable, isPretty: Bool) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        // A number from JSON is finite, and our own ones are: nothing else can fail.
        guard let bytes = try? encoder.encode(value) else { return "null" }
        return escapingControls(String(decoding: bytes, as: UTF8.self))
    }

    private func yaml(_ value: some Encodable) -> String {
        ((try? JSONValue(parsing: json(value, isPretty: false))) ?? .null).yaml
    }
}

/// A terminal for messages.
struct MessageTerminal: Sendable, Equatable {
    /// Columns.
    var width: Int
    var isColoured: Bool
}

private struct ItemList<Item: Encodable>: Encodable {
    let items: [Item]
}

/// The members of a value and, beside them, the version of their form.
private struct Versioned<Value: Encodable>: Encodable {
    let value: Value

    private enum Key: String, CodingKey {
        case apiVersion
    }

    func encode(to encoder: any Encoder) throws {
        try value.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Output.apiVersion, forKey: .apiVersion)
    }
}
