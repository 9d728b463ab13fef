/// `1 thread`, `2 threads`.
func counted(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }

/// What came out of one check.
package enum Verdict: Sendable, Equatable {
    /// With what was seen, if that is worth knowing.
    case passed(String = "")
    /// Allowed, but somebody will regret it.
    case warning(String, mend: String)
    case failed(String, mend: String)
    /// It could not be tried; the sentence says why.
    case skipped(String)

    /// `pass`, `warning`, `fail` or `skipped`.
    package var word: String {
        switch self {
        case .passed: "pass"
        case .warning: "warning"
        case .failed: "fail"
        case .skipped: "skipped"
        }
    }

    /// What was seen, or why it is not right.
    package var reason: String {
        switch self {
        case .passed(let text), .warning(let text, _), .failed(let text, _), .skipped(let text): text
        }
    }

    /// What to do about it.
    package var mend: String? {
        switch self {
        case .warning(_, let mend), .failed(_, let mend): mend
        case .passed, .skipped: nil
        }
    }
}
