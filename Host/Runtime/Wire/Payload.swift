/// Reads the fields of a payload in their order. Bytes after the last field that is asked for are a later version's.
package struct PayloadReader {
    private let type: UInt16
    private let bytes: [UInt8]
    private var offset = 0

    package init(_ frame: Frame) {
        type = frame.type
        bytes = frame.payload
    }

    package mutating func integer<Value: FixedWidthInteger>(_: Value.Type = Value.self) throws(ProtocolError) -> Value {
        let size = MemoryLayout<Value>.size
        guard bytes.count - offset >= size else { throw .truncated(type: type) }
        defer { offset += size }
        return bytes.withUnsafeBytes {
            Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self))
        }
    }

    package mutating func number() throws(ProtocolError) -> Double {
        Double(bitPattern: try integer(UInt64.self))
    }

    package mutating func data() throws(ProtocolError) -> [UInt8] {
        let size = Int(try integer(UInt32.self))
        guard bytes.count - offset >= size else { throw .truncated(type: type) }
        defer { offset += size }
        return Array(bytes[offset..<offset + size])
    }

    /// The header's limits, with room for a mark where a text was cut.
    package enum TextLimit: Int {
        case name = 256
        case sentence = 16_384
        case value = 65_536
        case document = 1_048_576
    }

    package mutating func text(_ limit: TextLimit = .sentence) throws(ProtocolError) -> String {
        let bytes = try data()
        guard bytes.count <= limit.rawValue else { throw .textTooLong(type: type, bytes.count) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalidText(type: type) }
        return text
    }
}

extension [UInt8] {
    package mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    package mutating func append(number value: Double) {
        append(littleEndian: value.bitPattern)
    }

    /// A `text` or `bytes` field.
    package mutating func append(field bytes: some Collection<UInt8>) {
        append(littleEndian: UInt32(bytes.count))
        append(contentsOf: bytes)
    }

    package mutating func append(text: String) {
        append(field: text.utf8)
    }
}
