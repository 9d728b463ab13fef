import Crypto

/// Hashes as lower-case hexadecimal digits.
enum Hexadecimal {
    static func sha256(of text: String) -> String { digits(SHA256.hash(data: Array(text.utf8))) }

    static func digits(_ digest: SHA256.Digest) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
