import HostAPI
import Testing

@testable import Runtime

@Suite struct WireTests {
    private func decode(_ bytes: [UInt8], step: Int) throws -> [Frame] {
        var decoder = FrameDecoder()
        var frames: [Frame] = []
        var offset = 0
        while offset < bytes.count {
            let end = min(offset + step, bytes.count)
            bytes.withUnsafeBytes { decoder.append(UnsafeRawBufferPointer(rebasing: $0[offset..<end])) }
            while let frame = try decoder.next() { frames.append(frame) }
            offset = end
        }
        return frames
    }

    @Test(arguments: [1, 2, 7, 16, 17, 1_000])
    func framesAreFoundHoweverTheBytesArrive(step: Int) throws {
        let frames = (0..<20).map {
            Frame(type: 64 + UInt16($0), id: UInt64($0), payload: Array(repeating: 7, count: $0 * 3))
        }
        #expect(try decode(frames.flatMap(\.encoded), step: step) == frames)
    }

    @Test func aFrameThatIsTooLargeBreaksTheProtocol() {
        var bytes = Frame(type: 1).encoded
        bytes[3] = 0x7F
        #expect(throws: ProtocolError.payloadTooLarge(0x7F00_0000)) { try decode(bytes, step: 16) }
    }

    @Test func flagsBreakTheProtocol() {
        var bytes = Frame(type: 1).encoded
        bytes[6] = 1
        #expect(throws: ProtocolError.flagsNotZero(1)) { try decode(bytes, step: 16) }
    }

    @Test func readingsTravelUnchanged() throws {
        let time = Timestamp(milliseconds: 1_700_000_000_123)
        let values: [ReadingValue] = [.number(21.5), .boolean(true), .boolean(false), .text("längs"), .unknown]
        let readings = values.map { value in
            WireReading(
                device: "plug",
                entity: "power",
                unit: "W",
                reading: Reading(time: time, value: value, isAnomalous: value == .unknown)
            )
        }
        var frame = HostMessage.subscriptionReadings(subscription: 3, readings).frame
        frame.type = 6  // The same fields, the other way.
        #expect(try WorkerMessage(frame) == .readings(readings))
    }

    @Test func laterFieldsAreIgnored() throws {
        var payload: [UInt8] = []
        payload.append(text: "key")
        payload.append(contentsOf: [1, 2, 3])
        #expect(try WorkerMessage(Frame(type: 12, payload: payload)) == .alertClear(key: "key"))
    }

    @Test(arguments: Array(UInt16(1)...21))
    func everyMessageThatIsCutShortIsRefused(type: UInt16) {
        // Types without fields of their own are complete when empty.
        let withoutFields: Set<UInt16> = [4, 15, 18, 21]
        guard !withoutFields.contains(type) else { return }
        #expect(throws: ProtocolError.truncated(type: type)) { try WorkerMessage(Frame(type: type)) }
    }

    @Test(arguments: [UInt16(0), 22, 63, 64, 76, 65_535])
    func unknownTypesAreRefused(type: UInt16) {
        #expect(throws: ProtocolError.unknownType(type)) { try WorkerMessage(Frame(type: type)) }
    }

    @Test func textMustBeUTF8() {
        var payload: [UInt8] = []
        payload.append(field: [0xC3, 0x28])
        #expect(throws: ProtocolError.invalidText(type: 14)) { try WorkerMessage(Frame(type: 14, payload: payload)) }
    }

    @Test func namesAndTextsAreBounded() {
        var payload: [UInt8] = []
        payload.append(text: String(repeating: "k", count: 257))
        #expect(throws: ProtocolError.textTooLong(type: 12, 257)) {
            try WorkerMessage(Frame(type: 12, payload: payload))
        }
    }

    @Test func aReadingMustBeFinite() {
        var payload: [UInt8] = []
        payload.append(littleEndian: UInt32(1))
        payload.append(littleEndian: UInt32(0))
        payload.append(littleEndian: UInt32(0))
        payload.append(number: .nan)
        payload.append(littleEndian: Int64(0))
        for _ in 0..<4 { payload.append(text: "") }
        #expect(throws: ProtocolError.self) { try WorkerMessage(Frame(type: 6, payload: payload)) }
    }

    /// Random bytes are refused or understood; nothing traps, and no count in them makes the decoder reserve memory.
    @Test(arguments: 0..<50) func arbitraryBytesAreSurvived(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let count = Int.random(in: 0...200, using: &random)
            let payload = (0..<count).map { _ in
                UInt8.random(in: 0...(Bool.random(using: &random) ? 255 : 3), using: &random)
            }
            let frame = Frame(type: UInt16.random(in: 0...24, using: &random), id: random.next(), payload: payload)
            _ = try? WorkerMessage(frame)
            _ = try? decode(payload, step: Int.random(in: 1...64, using: &random))
        }
    }
}
