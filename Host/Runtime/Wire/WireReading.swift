package import HostAPI

/// A reading as it travels between host and worker: `READINGS` and `SUBSCRIPTION_READINGS`.
package struct WireReading: Equatable, Sendable {
    package var device: String
    package var entity: String
    package var unit: String
    package var reading: Reading

    package init(device: String, entity: String, unit: String, reading: Reading) {
        self.device = device
        self.entity = entity
        self.unit = unit
        self.reading = reading
    }

    /// Bit 0 of `flags`.
    private static let anomalous: UInt32 = 1

    static func read(from payload: inout PayloadReader, type: UInt16) throws(ProtocolError) -> [WireReading] {
        let count = try payload.integer(UInt32.self)
        var readings: [WireReading] = []
        for _ in 0..<count {
            readings.append(try WireReading(from: &payload, type: type))
        }
        return readings
    }

    private init(from payload: inout PayloadReader, type: UInt16) throws(ProtocolError) {
        let kind = try payload.integer(UInt32.self)
        let flags = try payload.integer(UInt32.self)
        let number = try payload.number()
        let time = try payload.integer(Int64.self)
        device = try payload.text(.name)
        entity = try payload.text(.name)
        unit = try payload.text(.name)
        let text = try payload.text(.name)
        let value: ReadingValue
        switch kind {
        case 0:
            guard number.isFinite else { throw .invalidValue(type: type, "a reading that is not a finite number") }
            value = .number(number)
        case 1: value = .boolean(number != 0)
        case 2: value = .text(text)
        case 3: value = .unknown
        default: throw .invalidValue(type: type, "a reading of unknown kind \(kind)")
        }
        reading = Reading(
            time: Timestamp(milliseconds: time),
            value: value,
            isAnomalous: flags & Self.anomalous != 0
        )
    }

    static func write(_ readings: [WireReading], to payload: inout [UInt8]) {
        payload.append(littleEndian: UInt32(readings.count))
        for reading in readings { reading.write(to: &payload) }
    }

    private func write(to payload: inout [UInt8]) {
        let (kind, number, text): (UInt32, Double, String) =
            switch reading.value {
            case .number(let value): (0, value, "")
            case .boolean(let value): (1, value ? 1 : 0, "")
            case .text(let value): (2, 0, value)
            case .unknown: (3, 0, "")
            }
        payload.append(littleEndian: kind)
        payload.append(littleEndian: reading.isAnomalous == true ? Self.anomalous : 0)
        payload.append(number: number)
        payload.append(littleEndian: reading.time.milliseconds)
        payload.append(text: device)
        payload.append(text: entity)
        payload.append(text: unit)
        payload.append(text: text)
    }
}
