import Conformance

/// The report for people: a line for each check, in groups, and how to mend what is not right.
struct ReportText: CustomStringConvertible {
    let report: ConformanceReport
    let isColoured: Bool

    private static let nameWidth = 17
    private static let wordWidth = 9
    private static let lineWidth = 110

    var description: String {
        var lines = [heading]
        for group in CheckGroup.allCases {
            let results = report.results.filter { $0.group == group }
            guard !results.isEmpty else { continue }
            lines += ["", bold(group.rawValue)]
            for result in results { lines += text(result) }
        }
        return (lines + ["", summary]).joined(separator: "\n")
    }

    private var heading: String {
        let name = [report.plugin, report.version].compactMap { $0 }.joined(separator: " ")
        return harmless(name.isEmpty ? report.path : "\(name), in \(report.path)")
    }

    private var summary: String {
        let counts = ["pass", "warning", "fail", "skipped"].map { (word: $0, count: report.count(of: $0)) }
        let parts = counts.filter { $0.count > 0 }.map { word, count in
            switch word {
            case "pass": "\(count) passed"
            case "warning": count == 1 ? "1 warning" : "\(count) warnings"
            case "fail": "\(count) failed"
            default: "\(count) skipped"
            }
        }
        return bold(parts.joined(separator: ", "))
    }

    private func text(_ result: ConformanceReport.Result) -> [String] {
        let verdict = result.verdict
        let indent = String(repeating: " ", count: 2 + Self.nameWidth + Self.wordWidth)
        var lines = wrapped(harmless(verdict.reason), indent: indent)
        if let mend = verdict.mend { lines += wrapped("→ \(harmless(mend))", indent: indent) }
        let head = "  " + padded(result.name, Self.nameWidth) + coloured(padded(verdict.word, Self.wordWidth), verdict)
        let first = lines.isEmpty ? "" : String(lines[0].dropFirst(indent.count))
        return [head + first] + lines.dropFirst()
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// The text in lines of at most `lineWidth` columns, broken at spaces.
    private func wrapped(_ text: String, indent: String) -> [String] {
        var lines: [String] = []
        for paragraph in text.split(separator: "\n") {
            var line = ""
            for word in paragraph.split(separator: " ") {
                if !line.isEmpty, indent.count + line.count + 1 + word.count > Self.lineWidth {
                    lines.append(indent + line)
                    line = ""
                }
                line += line.isEmpty ? word : " \(word)"
            }
            if !line.isEmpty { lines.append(indent + line) }
        }
        return lines
    }

    private func bold(_ text: String) -> String { isColoured ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

    private func coloured(_ text: String, _ verdict: Verdict) -> String {
        guard isColoured else { return text }
        let colour =
            switch verdict {
            case .passed: 32
            case .warning: 33
            case .failed: 31
            case .skipped: 90
            }
        return "\u{1B}[\(colour)m\(text)\u{1B}[0m"
    }
}
