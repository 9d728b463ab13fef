import HostAPI

/// The tasks of a change on a terminal: a line each, redrawn in place.
struct TaskBoard {
    /// Columns of the terminal.
    let width: Int
    let isColoured: Bool
    private var shownLines = 0

    init(width: Int, isColoured: Bool) {
        self.width = width
        self.isColoured = isColoured
    }

    /// What to write to the terminal so that it shows the change as it is now (ECMA-48: cursor up, erase in line, erase
    /// in page).
    mutating func text(for change: Change) -> String {
        let lines = lines(for: change)
        var text = shownLines > 0 ? "\u{1B}[\(shownLines)A" : ""
        for line in lines { text += "\r\u{1B}[K\(line)\n" }
        if lines.count < shownLines { text += "\u{1B}[J" }
        shownLines = lines.count
        return text
    }

    /// The lines, none longer than the terminal is wide: a line that wraps could not be redrawn.
    func lines(for change: Change) -> [String] {
        let titles = change.tasks.map { displayWidth($0.title) }
        // Bars stand below each other, but never at the cost of more than half of the terminal.
        let column = min(titles.max() ?? 0, width / 2)
        var rows = change.tasks.map { task in
            [Cell(task.symbol, task.emphasis), Cell(task.title), meter(of: task, after: column)]
        }
        if !change.state.isFinal, let news = change.news { rows.append([Cell(" "), Cell(news, .dim)]) }
        return rows.map { Line.text(of: $0, titleWidth: column, limit: width - 1, isColoured: isColoured) }
    }

    /// `████░░░░ 40 %  1.2 MiB of 3 MiB`, the bar only where there is room for it.
    private func meter(of task: ChangeTask, after column: Int) -> Cell {
        guard task.state == "doing", let progress = task.progress, let share = progress.share else { return "" }
        let words = "\(Int(share * 100)) %  \(progress.words)"
        // As long as the words will get, so that the bar keeps its length.
        let wordsWidth = max(displayWidth(words), displayWidth("100 %  \(progress.whole.words)"))
        let room = width - 1 - Line.indentation - column - 2 - wordsWidth - 1
        guard room >= 5 else { return Cell(words) }
        let length = min(room, 24)
        let full = Int(share * Double(length))
        return Cell(String(repeating: "█", count: full) + String(repeating: "░", count: length - full) + " " + words)
    }
}

/// One line of the board.
private enum Line {
    /// Two spaces, the symbol, a space.
    static let indentation = 4

    static func text(of row: [Cell], titleWidth: Int, limit: Int, isColoured: Bool) -> String {
        var line = ""
        var left = limit
        for (index, cell) in row.enumerated() where !cell.text.isEmpty {
            let gap = index == 0 ? 2 : index == 1 ? 1 : 2 + max(0, titleWidth - displayWidth(row[1].text))
            let text = cut(cell.text, to: left - gap)
            guard !text.isEmpty else { break }
            line += String(repeating: " ", count: gap) + (isColoured ? cell.emphasis.applied(to: text) : text)
            left -= gap + displayWidth(text)
        }
        return line
    }
}

/// The tasks of a change where there is no terminal: a line as each of them ends.
struct TaskLog {
    private var told: [Int: String] = [:]
    private var toldMessage = ""

    init() {}

    /// What has not been told yet.
    mutating func lines(for change: Change) -> [String] {
        var lines: [String] = []
        if change.state == .waiting, change.message != toldMessage {
            toldMessage = change.message
            lines.append("change \(change.number) waits: \(change.message)")
        }
        for (index, task) in change.tasks.enumerated() where task.hasEnded && told[index] != task.state {
            told[index] = task.state
            lines.append("change \(change.number): \(task.title): \(task.state)")
        }
        return lines
    }
}
