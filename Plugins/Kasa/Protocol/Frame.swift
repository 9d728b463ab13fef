/// How a message travels over TCP: four bytes with the big-endian length of the ciphertext, then the ciphertext.
///
/// A UDP datagram is the bare ciphertext.
enum Frame {
    static let headerSize = 4

    /// The largest answer that is believed, in bytes. Devices build answers in buffers of at most 16 KiB, so anything
    /// far beyond it is no Kasa device, or a broken one.
    static let largestPayload = 65_536

    /// The whole frame in one piece: some devices are upset by a header that arrives alone.
    static func encode(_ plain: some Collection<UInt8>) -> [UInt8] {
        let size = UInt32(plain.count)
        return [UInt8(size >> 24 & 0xff), UInt8(size >> 16 & 0xff), UInt8(size >> 8 & 0xff), UInt8(size & 0xff)]
            + Cipher.encrypt(plain)
    }

    /// The number of bytes that follow a header of ``headerSize`` bytes.
    static func payloadSize(header: [UInt8]) throws(ExchangeError) -> Int {
        let size = header.reduce(0) { $0 << 8 | Int($1) }
        guard header.count == headerSize, (1...largestPayload).contains(size) else {
            throw .malformed("it announces an answer of \(size) bytes")
        }
        return size
    }
}
