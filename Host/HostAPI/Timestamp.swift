import FoundationEssentials

/// A moment in UTC, in whole milliseconds since 1970-01-01. In JSON: RFC 3339, `2026-03-01T09:30:00.250Z`.
package struct Timestamp: Sendable, Hashable, Comparable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The present time of the system's clock.
    package static var now: Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    package static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds + duration.milliseconds)
    }

    package static func - (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds - duration.milliseconds)
    }

    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        .milliseconds(left.milliseconds - right.milliseconds)
    }
}

extension Duration {
    /// The duration in whole milliseconds, rounded towards zero.
    package var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}

extension Timestamp: CustomStringConvertible {
    private static let millisecondsPerDay: Int64 = 86_400_000

    /// RFC 3339 in UTC with milliseconds. Written out here because a page of readings has a hundred thousand of them, and
    /// Foundation takes ten times as long for one.
    package var description: String {
        let (days, rest) = milliseconds.quotientAndRemainder(floorDividingBy: Self.millisecondsPerDay)
        let date = CivilDate(daysSince1970: days)
        var text = ""
        text.reserveCapacity(24)
        text.append(date.year, digits: 4)
        text += "-"
        text.append(date.month, digits: 2)
        text += "-"
        text.append(date.day, digits: 2)
        text += "T"
        text.append(rest / 3_600_000, digits: 2)
        text += ":"
        text.append(rest / 60_000 % 60, digits: 2)
        text += ":"
        text.append(rest / 1_000 % 60, digits: 2)
        text += "."
        text.append(rest % 1_000, digits: 3)
        return text + "Z"
    }

    /// Parses RFC 3339, section 5.6, with any offset and any number of decimals; what is finer than a millisecond is cut off.
    /// Nil if `text` is something else.
    package init?(_ text: String) {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), let date = CivilDate(year: year, month: month, day: day),
            scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
            let hour = scanner.number(2), hour < 24, scanner.skip(":"),
            let minute = scanner.number(2), minute < 60, scanner.skip(":"),
            // A leap second counts as the last one before it.
            let second = scanner.number(2), second <= 60,
            let fraction = scanner.skip(".") ? scanner.thousandths() : 0,
            let offset = scanner.offsetMinutes(), scanner.isAtEnd
        else { return nil }
        let seconds = (hour * 60 + minute - offset) * 60 + min(second, 59)
        milliseconds = date.daysSince1970 * Self.millisecondsPerDay + seconds * 1_000 + fraction
    }
}

extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time: \(text)")
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
