/// A moment, UTC: milliseconds since 1970-01-01.
public struct Timestamp: Hashable, Sendable, Comparable, Codable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// The time from `start` to `end`.
    public static func - (end: Timestamp, start: Timestamp) -> Duration {
        .milliseconds(end.milliseconds - start.milliseconds)
    }
}

/// One value of one entity of a device at one moment.
public struct Reading: Hashable, Sendable {
    /// What was measured.
    public enum Value: Hashable, Sendable {
        /// Finite.
        case number(Double)
        case boolean(Bool)
        /// At most 255 bytes.
        case text(String)
        /// The state is not known: a timeout, a lost answer.
        case unknown
    }

    /// The id of an announced device.
    public var device: String
    /// `[a-z][a-z0-9_-]{0,63}`: "temperature".
    public var entity: String
    public var value: Value
    /// UCUM or common: "°C", "W", "%"; empty if there is none.
    public var unit: String
    /// Nothing: now.
    public var time: Timestamp?
    /// Outside what is plausible; stored, and marked.
    public var isAnomalous: Bool

    public init(
        _ device: String,
        _ entity: String,
        _ value: Value,
        unit: String = "",
        at time: Timestamp? = nil,
        isAnomalous: Bool = false
    ) {
        self.device = device
        self.entity = entity
        self.value = value
        self.unit = unit
        self.time = time
        self.isAnomalous = isAnomalous
    }
}

extension Reading.Value: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByStringInterpolation
{
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(stringLiteral value: String) { self = .text(value) }
}

/// A reading of another plugin's device.
public struct SeriesReading: Hashable, Sendable {
    /// Whose device it is.
    public let plugin: String
    public let reading: Reading
}
