import HostAPI

/// One thing described to people: first a sentence and what to do, then facts in two columns, then tables and blocks.
struct Description: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case sentence(Cell)
        case fact(String, Cell)
        case heading(String)
        case table(Table)
        case block([String])
    }

    private(set) var parts: [Part] = []

    mutating func sentence(_ text: String, _ emphasis: Emphasis = .none) {
        parts.append(.sentence(Cell(text, emphasis)))
    }

    mutating func fact(_ name: String, _ value: Cell?) {
        if let value, !value.text.isEmpty { parts.append(.fact(name, value)) }
    }

    mutating func fact(_ name: String, _ value: String) {
        fact(name, Cell(value))
    }

    /// A table under a heading; nothing if it has no rows.
    mutating func table(_ heading: String, _ table: Table) {
        guard !table.rows.isEmpty else { return }
        parts.append(.heading(heading))
        parts.append(.table(table))
    }

    /// A fact of several lines, one below the other; nothing if there are none.
    mutating func fact(_ name: String, lines: [String]) {
        for (index, line) in lines.enumerated() { parts.append(.fact(index == 0 ? name : "", Cell(line))) }
    }

    /// A value in YAML under a heading; nothing if it is empty.
    mutating func block(_ heading: String, _ value: JSONValue?) {
        guard let value, ![.null, .object([:]), .array([])].contains(value) else { return }
        parts.append(.heading(heading))
        parts.append(.block(value.yaml.split(separator: "\n").map { String($0) }))
    }

    /// All of it, not cut to any width: a description is read, not scanned.
    func text(isColoured: Bool) -> String {
        func styled(_ cell: Cell) -> String { isColoured ? cell.emphasis.applied(to: cell.text) : cell.text }
        let names = parts.map { part in if case .fact(let name, _) = part { displayWidth(name) } else { 0 } }
        let column = (names.max() ?? 0) + 2
        var text = ""
        var followsSentence = false
        for part in parts {
            switch part {
            case .sentence(let cell):
                text += styled(cell) + "\n"
            case .fact(let name, let cell):
                if followsSentence { text += "\n" }
                text += name + String(repeating: " ", count: column - displayWidth(name)) + styled(cell) + "\n"
            case .heading(let heading):
                text += "\n" + styled(Cell(heading, .bold)) + "\n"
            case .table(let table):
                for line in table.lines(width: nil, isColoured: isColoured) { text += "  \(line)\n" }
            case .block(let lines):
                for line in lines { text += "  \(line)\n" }
            }
            if case .sentence = part { followsSentence = true } else { followsSentence = false }
        }
        return text
    }
}
