/// The XOR autokey cipher of the local protocol.
///
/// Each byte is combined with the ciphertext byte before it; the first one with 171. It hides nothing from anybody who
/// has read this line: it is an encoding, and the protocol has no authentication.
enum Cipher {
    private static let firstKey: UInt8 = 171

    static func encrypt(_ plain: some Sequence<UInt8>) -> [UInt8] {
        var key = firstKey
        return plain.map { byte in
            key ^= byte
            return key
        }
    }

    static func decrypt(_ cipher: some Sequence<UInt8>) -> [UInt8] {
        var key = firstKey
        return cipher.map { byte in
            defer { key = byte }
            return byte ^ key
        }
    }
}
