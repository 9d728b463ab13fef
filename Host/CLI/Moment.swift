import ArgumentParser
import HostAPI

/// A point in time as a user types it: `10m` for ten minutes ago, or an RFC 3339 time.
enum Moment: Sendable, Equatable {
    case ago(Duration)
    case at(Timestamp)

    /// - Throws: `ValidationError` that says what is understood.
    init(argument text: String) throws {
        if let duration = Duration(typed: text) {
            self = .ago(duration)
        } else if let time = Timestamp(text) {
            self = .at(time)
        } else {
            throw ValidationError("neither a duration such as 90s, 10m, 2h, 7d nor a time such as 2026-03-01T09:30:00Z")
        }
    }

    func timestamp(now: Timestamp) -> Timestamp {
        switch self {
        case .ago(let duration): now - duration
        case .at(let time): time
        }
    }
}

extension Duration {
    /// `500ms`, `90s`, `10m`, `2h`, `7d`, also joined: `1h30m`. Nil for anything else, and above 100 years.
    init?(typed text: String) {
        let units: [(name: String, milliseconds: Int64)] = [
            ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
        ]
        var rest = Substring(text)
        var total: Int64 = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { !("0"..."9").contains($0) }
            rest = rest.dropFirst(name.count)
            guard digits.count <= 9, let number = Int64(digits),
                let unit = units.first(where: { $0.name == name })
            else { return nil }
            total += number * unit.milliseconds
            guard total <= 36_525 * 86_400_000 else { return nil }
        }
        self = .milliseconds(total)
    }

    /// For an option: how long to wait.
    ///
    /// - Throws: `ValidationError` that says what is understood.
    init(argument text: String) throws {
        guard let duration = Duration(typed: text), duration > .zero else {
            throw ValidationError("not a duration such as 500ms, 90s, 10m")
        }
        self = duration
    }
}
