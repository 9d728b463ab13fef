/// The autokey XOR of the legacy Kasa protocol (TCP and UDP port 9999): each byte is the key of the next, and the
/// first key is 171. It hides nothing: there is no secret in it.
package enum KasaCipher {
    private static let firstKey: UInt8 = 171

    package static func encrypt(_ plain: some Sequence<UInt8>) -> [UInt8] {
        var key = firstKey
        return plain.map { byte in
            key ^= byte
            return key
        }
    }

    package static func decrypt(_ cipher: some Sequence<UInt8>) -> [UInt8] {
        var key = firstKey
        return cipher.map { byte in
            defer { key = byte }
            return byte ^ key
        }
    }
}

/// The framing over TCP: the length of the encrypted text as four bytes, big-endian, and the text. A UDP datagram is
/// the encrypted text alone.
package enum KasaFrame {
    /// What a device's small memory takes. A length beyond it is an attack or noise.
    package static let longestRequest = 64 * 1024

    package static func encode(_ plain: [UInt8], announcing length: UInt32? = nil) -> [UInt8] {
        bigEndian(length ?? UInt32(plain.count)) + KasaCipher.encrypt(plain)
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }
}
