/// What a reading says. In JSON: a number, a boolean, a text, or null for `unknown`.
package enum ReadingValue: Sendable, Equatable {
    case number(Double)
    case boolean(Bool)
    case text(String)
    /// The state is not known: a timeout, a lost answer.
    case unknown
}

extension ReadingValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .unknown
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .unknown: try container.encodeNil()
        }
    }
}

/// The name of a series: one entity of one device of one plugin, written `plugin/device/entity`.
package struct SeriesName: Sendable, Hashable, Codable, CustomStringConvertible {
    package var plugin: String
    package var device: String
    package var entity: String

    package init(plugin: String, device: String, entity: String) {
        self.plugin = plugin
        self.device = device
        self.entity = entity
    }

    package var description: String { "\(plugin)/\(device)/\(entity)" }
}

/// One value of a series at one time.
package struct Reading: Sendable, Equatable, Codable {
    package var time: Timestamp
    package var value: ReadingValue
    /// Stored, but outside what is plausible.
    package var isAnomalous: Bool?

    package init(time: Timestamp, value: ReadingValue, isAnomalous: Bool = false) {
        self.time = time
        self.value = value
        self.isAnomalous = isAnomalous ? true : nil
    }
}

/// The newest reading of a series.
package struct LatestReading: Sendable, Equatable, Codable {
    package var series: SeriesName
    package var unit: String
    package var reading: Reading

    package init(series: SeriesName, unit: String, reading: Reading) {
        self.series = series
        self.unit = unit
        self.reading = reading
    }
}

/// Which readings are wanted.
package struct ReadingsQuery: Sendable, Equatable {
    /// `plugin/device/entity`; the device by id, handle or name.
    package var series: String
    package var since: Timestamp?
    package var until: Timestamp?
    /// At most this many, the newest: 1 to 100,000.
    package var limit: Int

    package init(series: String, since: Timestamp? = nil, until: Timestamp? = nil, limit: Int = 1_000) {
        self.series = series
        self.since = since
        self.until = until
        self.limit = limit
    }
}

/// Readings of one series, oldest first.
package struct ReadingsPage: Sendable, Equatable, Codable {
    package var series: SeriesName
    package var unit: String
    package var readings: [Reading]
    /// More readings match than the limit let through; these are the newest.
    package var isTruncated: Bool

    package init(series: SeriesName, unit: String, readings: [Reading], isTruncated: Bool) {
        self.series = series
        self.unit = unit
        self.readings = readings
        self.isTruncated = isTruncated
    }
}
