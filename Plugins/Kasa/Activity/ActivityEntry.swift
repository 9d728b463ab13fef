import Glibc
import PluginKit

/// One line of the activity log: a command as it came in, or what became of it.
struct ActivityEntry: Hashable, Sendable {
    enum Event: Hashable, Sendable {
        case command(arguments: JSON)
        case result(ActivityResult)
    }

    let time: Timestamp
    /// Ties a result to its command.
    let number: UInt64
    let device: String
    let name: String
    let command: String
    let event: Event

    /// The entry's members; times as RFC 3339, in UTC.
    var fields: [String: JSON] {
        var fields: [String: JSON] = [
            "time": .text(time.text),
            "number": .integer(Int64(clamping: number)),
            "device": .text(device),
            "name": .text(name),
            "command": .text(command),
        ]
        switch event {
        case .command(let arguments):
            fields["event"] = "command"
            fields["arguments"] = arguments
        case .result(let result):
            fields["event"] = "result"
            fields["outcome"] = .text(result.outcome.rawValue)
            fields["attempts"] = JSON(result.attempts)
            fields["duration_ms"] = .integer(Int64(result.duration / .milliseconds(1)))
            fields["error"] = result.error.map(JSON.text)
        }
        return fields
    }

    /// The entry as one line of JSON, without its end.
    var line: String { JSON.object(fields).encoded() }
}

/// What became of a command.
struct ActivityResult: Hashable, Sendable {
    enum Outcome: String, Sendable {
        /// The device says that it is so.
        case confirmed
        case failed
        /// A newer command for the same thing came.
        case superseded
        /// The plugin stopped.
        case cancelled
    }

    var outcome: Outcome
    var attempts: Int
    var duration: Duration
    var error: String?
}

extension Timestamp {
    /// RFC 3339 in UTC with milliseconds: `2026-11-21T07:05:09.042Z`.
    var text: String {
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        var time = time_t(rest < 0 ? seconds - 1 : seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        func digits(_ number: Int, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let date = [
            digits(Int(parts.tm_year) + 1900, 4), digits(Int(parts.tm_mon) + 1, 2), digits(Int(parts.tm_mday), 2),
        ]
        let clock = [digits(Int(parts.tm_hour), 2), digits(Int(parts.tm_min), 2), digits(Int(parts.tm_sec), 2)]
        let fraction = digits(Int(rest < 0 ? rest + 1000 : rest), 3)
        return "\(date.joined(separator: "-"))T\(clock.joined(separator: ":")).\(fraction)Z"
    }
}
