/// One message between host and worker: docs/worker-protocol.md, "Frames".
package struct Frame: Equatable, Sendable {
    package static let headerSize = 16
    /// The largest payload, in bytes.
    package static let maximumPayload = 2_097_152

    package var type: UInt16
    package var id: UInt64
    package var payload: [UInt8]

    package init(type: UInt16, id: UInt64 = 0, payload: [UInt8] = []) {
        self.type = type
        self.id = id
        self.payload = payload
    }

    /// Header and payload, ready to be sent.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerSize + payload.count)
        bytes.append(littleEndian: UInt32(payload.count))
        bytes.append(littleEndian: type)
        bytes.append(littleEndian: UInt16(0))
        bytes.append(littleEndian: id)
        bytes.append(contentsOf: payload)
        return bytes
    }
}

/// The peer broke the protocol.
package enum ProtocolError: Error, Equatable, CustomStringConvertible {
    case payloadTooLarge(UInt32)
    case flagsNotZero(UInt16)
    case unknownType(UInt16)
    case truncated(type: UInt16)
    case invalidText(type: UInt16)
    case textTooLong(type: UInt16, Int)
    case invalidValue(type: UInt16, String)

    package var description: String {
        switch self {
        case .payloadTooLarge(let size): "a frame of \(size) bytes, more than \(Frame.maximumPayload)"
        case .flagsNotZero(let flags): "a frame with flags \(flags)"
        case .unknownType(let type): "a frame of unknown type \(type)"
        case .truncated(let type): "a frame of type \(type) that is too short for its fields"
        case .invalidText(let type): "a frame of type \(type) with text that is not UTF-8"
        case .textTooLong(let type, let size): "a frame of type \(type) with a text of \(size) bytes, more than allowed"
        case .invalidValue(let type, let what): "a frame of type \(type) with \(what)"
        }
    }
}

/// Cuts a stream of bytes into frames. Pure.
package struct FrameDecoder {
    private var buffer: [UInt8] = []
    private var start = 0

    package init() {}

    /// Adds bytes as they came.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if start > 0, start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 1 << 16)
            start = 0
        } else if start > 1 << 16 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole frame, or nil until more bytes come.
    ///
    /// - Throws: `ProtocolError`; the stream cannot be read any further then.
    package mutating func next() throws(ProtocolError) -> Frame? {
        guard buffer.count - start >= Frame.headerSize else { return nil }
        let (size, type, flags, id) = buffer.withUnsafeBytes { bytes in
            (
                UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self)),
                UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt16.self)),
                UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 6, as: UInt16.self)),
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self))
            )
        }
        guard size <= Frame.maximumPayload else { throw .payloadTooLarge(size) }
        guard flags == 0 else { throw .flagsNotZero(flags) }
        let end = start + Frame.headerSize + Int(size)
        guard buffer.count >= end else { return nil }
        defer { start = end }
        return Frame(type: type, id: id, payload: Array(buffer[start + Frame.headerSize..<end]))
    }
}
