import HostAPI

/// The bytes are a stream from a worker, cut into pieces by their first byte: whatever they are, the decoder gives frames or
/// says that the protocol was broken. What is understood can be said again in the same bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWire(_ data: UnsafePointer<UInt8>, _ size: Int) -> Int32 {
    guard size > 0 else { return 0 }
    let step = Int(data[0]) + 1
    let bytes = UnsafeRawBufferPointer(start: data + 1, count: size - 1)
    var decoder = FrameDecoder()
    var offset = 0
    while offset < bytes.count {
        let end = min(offset + step, bytes.count)
        decoder.append(UnsafeRawBufferPointer(rebasing: bytes[offset..<end]))
        offset = end
        do {
            while let frame = try decoder.next() { check(frame) }
        } catch {
            return 0
        }
    }
    return 0
}

private func check(_ frame: Frame) {
    guard let message = try? WorkerMessage(frame) else { return }
    // Readings travel both ways in the same form: written again they must be read as the same.
    if case .readings(let readings) = message {
        var again = HostMessage.subscriptionReadings(subscription: frame.id, readings).frame
        again.type = frame.type
        guard let repeated = try? WorkerMessage(again), repeated == message else {
            fatalError("readings changed when they were written again")
        }
    }
}
