import PluginAPI

/// Readings laid out as the host takes them: one piece of memory for all texts, one for all readings.
struct ReadingBatch {
    private var text: [UInt8] = []
    private var places: [[Range<Int>]] = []
    private let readings: [Reading]

    init(_ readings: [Reading]) {
        self.readings = readings
        places.reserveCapacity(readings.count)
        for reading in readings {
            var value = ""
            if case .text(let content) = reading.value { value = content }
            places.append([reading.device, reading.entity, reading.unit, value].map { add($0) })
        }
    }

    private mutating func add(_ string: String) -> Range<Int> {
        let start = text.count
        text += string.utf8
        return start..<text.count
    }

    /// Lends the batch to `body`, for the duration of the call.
    func withReadings<Result>(_ body: (UnsafePointer<hearth_reading>, Int) -> Result) -> Result? {
        text.withUnsafeBytes { bytes in
            func borrow(_ range: Range<Int>) -> hearth_string {
                let part = UnsafeRawBufferPointer(rebasing: bytes[range]).assumingMemoryBound(to: CChar.self)
                return hearth_string(data: part.baseAddress, size: part.count)
            }
            let structs = zip(readings, places).map { reading, places in
                let (kind, value) = ReadingBatch.kind(reading.value)
                return hearth_reading(
                    struct_size: UInt32(MemoryLayout<hearth_reading>.stride),
                    kind: kind,
                    flags: reading.isAnomalous ? UInt32(HEARTH_READING_ANOMALOUS) : 0,
                    reserved: 0,
                    device: borrow(places[0]),
                    entity: borrow(places[1]),
                    unit: borrow(places[2]),
                    text: borrow(places[3]),
                    value: value,
                    time_ms: reading.time?.milliseconds ?? 0
                )
            }
            return structs.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.map { body($0, buffer.count) }
            }
        }
    }

    private static func kind(_ value: Reading.Value) -> (Int32, Double) {
        switch value {
        case .number(let number): (Int32(HEARTH_READING_NUMBER), number)
        case .boolean(let isTrue): (Int32(HEARTH_READING_BOOLEAN), isTrue ? 1 : 0)
        case .text: (Int32(HEARTH_READING_TEXT), 0)
        case .unknown: (Int32(HEARTH_READING_UNKNOWN), 0)
        }
    }
}

extension SeriesReading {
    /// Copies what the host lends. The elements are as far apart as the host's idea of the struct is large.
    static func copies(of readings: UnsafePointer<hearth_reading>, count: Int) -> [SeriesReading] {
        guard count > 0 else { return [] }
        let stride = Int(readings.pointee.struct_size)
        return (0..<count).map { index in
            let raw = UnsafeRawPointer(readings).advanced(by: index * stride)
            return SeriesReading(raw.assumingMemoryBound(to: hearth_reading.self).pointee)
        }
    }

    private init(_ reading: hearth_reading) {
        let parts = String(reading.device).split(separator: "/", maxSplits: 1).map(String.init)
        let value: Reading.Value =
            switch Int(reading.kind) {
            case HEARTH_READING_NUMBER: .number(reading.value)
            case HEARTH_READING_BOOLEAN: .boolean(reading.value != 0)
            case HEARTH_READING_TEXT: .text(String(reading.text))
            default: .unknown
            }
        plugin = parts.first ?? ""
        self.reading = Reading(
            parts.count == 2 ? parts[1] : "",
            String(reading.entity),
            value,
            unit: String(reading.unit),
            at: Timestamp(milliseconds: reading.time_ms),
            isAnomalous: reading.flags & UInt32(HEARTH_READING_ANOMALOUS) != 0
        )
    }
}
