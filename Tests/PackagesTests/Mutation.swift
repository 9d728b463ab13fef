import Glibc
import Testing

/// Wrong bytes by chance, the same for the same seed.
struct Mutation: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// Changes a few bytes, copies a part elsewhere, or cuts the end off.
    mutating func mutate(_ bytes: inout [UInt8], within range: Range<Int>? = nil) {
        let range = range ?? 0..<bytes.count
        for _ in 0...Int(next() % 4) {
            let index = Int.random(in: range, using: &self)
            switch next() % 8 {
            case 0: bytes[index] = 0
            case 1: bytes[index] = 0xFF
            case 2: bytes[index] ^= 1 << UInt8(next() % 8)
            case 3: bytes[index] = UInt8(ascii: "/")
            case 4: bytes[index] = UInt8(ascii: ".")
            case 5:
                let from = Int.random(in: range, using: &self)
                let count = min(Int(next() % 64), bytes.count - max(from, index))
                for offset in 0..<count { bytes[index + offset] = bytes[from + offset] }
            case 6: bytes[index] = UInt8(truncatingIfNeeded: next())
            default: if next() % 8 == 0 { bytes.removeLast(Int(next() % UInt64(bytes.count / 4))) }
            }
            if !range.isEmpty, bytes.count < range.upperBound { return }
        }
    }

    /// Of every block of a tar archive that looks like a header.
    static func repairChecksums(_ bytes: inout [UInt8]) {
        for start in stride(from: 0, to: bytes.count - 511, by: 512) {
            guard bytes[start + 257..<start + 262].elementsEqual("ustar".utf8) else { continue }
            for index in 148..<156 { bytes[start + index] = 0x20 }
            let sum = bytes[start..<start + 512].reduce(0) { $0 + Int($1) }
            let digits = Array(String(sum, radix: 8).utf8)
            let text = [UInt8](repeating: 0x30, count: 6 - digits.count) + digits + [0]
            for (index, digit) in text.enumerated() { bytes[start + 148 + index] = digit }
        }
    }
}

/// Gzip files that are not compressed, made without a program's help.
enum Stored {
    static func gzip(_ bytes: [UInt8], to path: String) throws {
        let count = UInt16(bytes.count)
        var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1]
        file += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)] + bytes
        let sum = checksum(bytes)
        for value in [sum, UInt32(bytes.count)] { file += (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        let stream = try #require(fopen(path, "we"))
        defer { fclose(stream) }
        #expect(fwrite(file, 1, file.count, stream) == file.count)
    }

    /// CRC-32 by its definition, bit by bit.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in
            table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8
        }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
}
