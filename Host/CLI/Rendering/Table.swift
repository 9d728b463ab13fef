/// A table for people: headers in capitals, two spaces between columns, no lines.
struct Table: Sendable, Equatable {
    var headers: [String]
    var rows: [[Cell]]

    /// The lines, each cut to `width` columns if there is one.
    func lines(width: Int?, isColoured: Bool) -> [String] {
        let header = headers.map { Cell($0, .bold) }
        let all = [header] + rows
        var widths = [Int](repeating: 0, count: headers.count)
        for row in all {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], displayWidth(cell.text)) }
        }
        return all.map { line($0, widths: widths, limit: width ?? .max, isColoured: isColoured) }
    }

    private func line(_ row: [Cell], widths: [Int], limit: Int, isColoured: Bool) -> String {
        var line = ""
        var used = 0
        // Written before the next text only: a line has no spaces at its end.
        var gap = 0
        for (column, cell) in row.enumerated() {
            let text = cut(cell.text, to: limit - used - gap)
            if !text.isEmpty {
                line += String(repeating: " ", count: gap) + (isColoured ? cell.emphasis.applied(to: text) : text)
                used += gap + displayWidth(text)
                gap = 0
            }
            guard text == cell.text else { break }
            gap += widths[column] + 2 - displayWidth(text)
        }
        return line
    }

}

/// The text in at most `limit` columns: if it is longer, its beginning and `…`.
func cut(_ text: String, to limit: Int) -> String {
    guard displayWidth(text) > limit else { return text }
    guard limit > 1 else { return "" }
    var result = ""
    var used = 0
    for character in text {
        used += displayWidth(character)
        guard used < limit else { break }
        result.append(character)
    }
    return result + "…"
}
