/// A 64-bit little-endian ELF file by its addresses, as the loader sees it. Whatever lies outside of the file reads as nil.
struct ELFImage {
    private struct Segment {
        var offset: UInt64
        var address: UInt64
        var size: UInt64
    }

    private let bytes: [UInt8]
    private var segments: [Segment] = []
    private var dynamic: Segment?
    private(set) var hasExecutableStack = false

    /// Nil if it is not such a file.
    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else { return nil }
        self.bytes = bytes
        guard let table = integer(UInt64.self, atOffset: 32), let size = integer(UInt16.self, atOffset: 54),
            let count = integer(UInt16.self, atOffset: 56)
        else { return nil }
        for index in 0..<UInt64(count) {
            let header = table &+ index &* UInt64(size)
            guard let type = integer(UInt32.self, atOffset: header),
                let flags = integer(UInt32.self, atOffset: header &+ 4),
                let offset = integer(UInt64.self, atOffset: header &+ 8),
                let address = integer(UInt64.self, atOffset: header &+ 16),
                let length = integer(UInt64.self, atOffset: header &+ 32)
            else { return nil }
            let segment = Segment(offset: offset, address: address, size: length)
            switch type {
            case 1: segments.append(segment)
            case 2: dynamic = segment
            case 0x6474_e551: hasExecutableStack = flags & 1 != 0
            default: break
            }
        }
    }

    // MARK: Reading

    private func integer<Value: FixedWidthInteger>(_: Value.Type, atOffset offset: UInt64) -> Value? {
        guard let start = Int(exactly: offset), start <= bytes.count - MemoryLayout<Value>.size else { return nil }
        return bytes.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: Value.self)) }
    }

    private func offset(of address: UInt64) -> UInt64? {
        segments.first { address >= $0.address && address - $0.address < $0.size }.map {
            address - $0.address &+ $0.offset
        }
    }

    private func integer<Value: FixedWidthInteger>(_ type: Value.Type, at address: UInt64) -> Value? {
        offset(of: address).flatMap { integer(type, atOffset: $0) }
    }

    /// The text that ends with a NUL.
    func text(at address: UInt64) -> String? {
        guard let offset = offset(of: address), let start = Int(exactly: offset), start < bytes.count else {
            return nil
        }
        return String(decoding: bytes[start...].prefix(4_096).prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Nil if there is no dynamic section.
    var dynamicEntries: [(tag: UInt64, value: UInt64)]? {
        guard let dynamic else { return nil }
        var entries: [(tag: UInt64, value: UInt64)] = []
        for index in 0..<min(dynamic.size / 16, 10_000) {
            let place = dynamic.offset &+ index &* 16
            guard let tag = integer(UInt64.self, atOffset: place), tag != 0,
                let value = integer(UInt64.self, atOffset: place &+ 8)
            else { break }
            entries.append((tag, value))
        }
        return entries
    }

    // MARK: Symbols

    /// A file with more of them is broken.
    private static let symbolLimit: UInt32 = 1 << 20

    /// What a table of the kind DT_GNU_HASH lists: all that is defined.
    func symbolNumbers(inGNUHash table: UInt64) -> [UInt32] {
        guard let bucketCount = integer(UInt32.self, at: table), let first = integer(UInt32.self, at: table &+ 4),
            let bloomSize = integer(UInt32.self, at: table &+ 8), bucketCount < Self.symbolLimit
        else { return [] }
        let buckets = table &+ 16 &+ UInt64(bloomSize) &* 8
        let chains = buckets &+ UInt64(bucketCount) &* 4
        var numbers: [UInt32] = []
        for bucket in 0..<UInt64(bucketCount) {
            guard var number = integer(UInt32.self, at: buckets &+ bucket &* 4), number >= first, number != 0 else {
                continue
            }
            while number < Self.symbolLimit, numbers.count < Self.symbolLimit,
                let hash = integer(UInt32.self, at: chains &+ UInt64(number - first) &* 4)
            {
                numbers.append(number)
                if hash & 1 == 1 { break }
                number += 1
            }
        }
        return numbers
    }

    /// What a table of the kind DT_HASH lists: every symbol.
    func symbolNumbers(inHash table: UInt64) -> [UInt32] {
        guard let count = integer(UInt32.self, at: table &+ 4), count < Self.symbolLimit else { return [] }
        return Array(0..<count)
    }

    /// The symbol if others can find it by its name; those that every linker adds do not count.
    func exportedSymbol(
        _ number: UInt32,
        table: UInt64,
        text: (UInt64) -> String?
    ) -> DynamicObject.Symbol? {
        let place = table &+ UInt64(number) &* 24
        guard let nameOffset = integer(UInt32.self, at: place), let info = integer(UInt8.self, at: place &+ 4),
            let other = integer(UInt8.self, at: place &+ 5), let section = integer(UInt16.self, at: place &+ 6),
            let name = text(UInt64(nameOffset))
        else { return nil }
        let isVisible = other & 3 == 0 || other & 3 == 3
        let isDefined = section != 0 && section != 0xFFF1
        guard isVisible, isDefined, info >> 4 != 0, !Self.linkersOwn.contains(name) else { return nil }
        return DynamicObject.Symbol(name: name, isWeak: info >> 4 == 2)
    }

    private static let linkersOwn: Set = ["_init", "_fini", "_edata", "_end", "__bss_start"]
}
