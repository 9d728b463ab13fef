import HostAPI

/// The members of a request's query, each known to the route and given at most once.
struct Query: Sendable {
    private let values: [String: String]

    /// Takes apart what stands after the `?`.
    ///
    /// - Throws: `invalid-argument`, which names the member, if there are others than `names`.
    init(_ text: String?, knowing names: [String]) throws(Failure) {
        var values: [String: String] = [:]
        for member in (text ?? "").split(separator: "&") {
            let parts = member.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts[0].percentDecoded, let value = (parts.count == 2 ? parts[1] : "").percentDecoded
            else {
                throw Failure(
                    .invalidArgument,
                    "The query member \"\(String(member).excerpt)\" is not percent-encoded UTF-8."
                )
            }
            guard names.contains(name) else { throw Self.unknown(name, known: names) }
            guard values.updateValue(value, forKey: name) == nil else {
                throw Failure(.invalidArgument, "The query has the member \"\(name)\" more than once.")
            }
        }
        self.values = values
    }

    func text(_ name: String) -> String? {
        values[name]
    }

    func requiredText(_ name: String) throws(Failure) -> String {
        guard let text = values[name], !text.isEmpty else {
            throw Failure(.invalidArgument, "The query lacks the member \"\(name)\".")
        }
        return text
    }

    /// False if it is not given.
    func boolean(_ name: String) throws(Failure) -> Bool {
        try value(name, Bool.init, "true or false") ?? false
    }

    func number(_ name: String) throws(Failure) -> UInt64? {
        try value(name, { UInt64($0) }, "a whole number from 0")
    }

    func integer(_ name: String, in range: ClosedRange<Int>, default standard: Int) throws(Failure) -> Int {
        let meaning = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return try value(name, { Int($0).flatMap { range.contains($0) ? $0 : nil } }, meaning) ?? standard
    }

    func time(_ name: String) throws(Failure) -> Timestamp? {
        try value(name, { Timestamp($0) }, "an RFC 3339 time such as 2026-03-01T09:30:00Z")
    }

    func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        default standard: Word
    ) throws(Failure) -> Word {
        let all = Word.allCases.map(\.rawValue).joined(separator: ", ")
        return try value(name, { Word(rawValue: $0) }, "one of \(all)") ?? standard
    }

    private func value<Value>(
        _ name: String,
        _ parse: (String) -> Value?,
        _ meaning: String
    ) throws(Failure) -> Value? {
        guard let text = values[name] else { return nil }
        guard let value = parse(text) else {
            throw Failure(
                .invalidArgument,
                "The query member \"\(name)\" has to be \(meaning), it is \"\(text.excerpt)\"."
            )
        }
        return value
    }

    private static func unknown(_ name: String, known: [String]) -> Failure {
        let hint =
            if let nearest = Suggestion.nearest(to: name, among: known) {
                "Did you mean \"\(nearest)\"?"
            } else if known.isEmpty {
                "This route takes no query."
            } else {
                "This route knows \(known.joined(separator: ", "))."
            }
        return Failure(.invalidArgument, "The query member \"\(name.excerpt)\" is not known here.", hint: hint)
    }
}
