/// One block of 512 bytes that begins an entry of a tar archive, as POSIX and GNU tar have it.
struct TarHeader {
    static let blockSize = 512

    /// The field `typeflag`.
    enum Kind: Equatable {
        case file
        case directory
        case symbolicLink
        case hardLink
        case characterDevice
        case blockDevice
        case fifo
        case sparseFile
        /// Says more about the entry that follows.
        case extended(Extension)
        case other(UInt8)
    }

    enum Extension: Equatable {
        case pax
        case globalPAX
        case gnuName
        case gnuLink
    }

    var name: [UInt8]
    var mode: Int
    var size: Int64
    var kind: Kind
    var linkTarget: [UInt8]

    /// Nil if the checksum or a number in it is wrong.
    init?(_ block: [UInt8]) {
        guard block.count == Self.blockSize, let sum = Self.number(block[148..<156]) else { return nil }
        let bytes = block.enumerated().map { (148..<156).contains($0.offset) ? 0x20 : $0.element }
        let unsigned = bytes.reduce(0) { $0 + Int64($1) }
        // Some old programs add the bytes up as signed numbers.
        let signed = bytes.reduce(0) { $0 + Int64(Int8(bitPattern: $1)) }
        guard sum == unsigned || sum == signed else { return nil }
        guard let mode = Self.number(block[100..<108]), let size = Self.number(block[124..<136]), size >= 0 else {
            return nil
        }
        self.mode = Int(truncatingIfNeeded: mode)
        self.size = size
        kind = Self.kind(block[156])
        linkTarget = Self.text(block[157..<257])
        name = Self.text(block[0..<100])
        // GNU tar writes other things into the field of the prefix, and another magic.
        let isPOSIX = block[257..<263].elementsEqual([0x75, 0x73, 0x74, 0x61, 0x72, 0])
        let prefix = isPOSIX ? Self.text(block[345..<500]) : []
        if !prefix.isEmpty { name = prefix + [UInt8(ascii: "/")] + name }
    }

    private static func kind(_ flag: UInt8) -> Kind {
        switch flag {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
        case UInt8(ascii: "1"): .hardLink
        case UInt8(ascii: "2"): .symbolicLink
        case UInt8(ascii: "3"): .characterDevice
        case UInt8(ascii: "4"): .blockDevice
        case UInt8(ascii: "5"): .directory
        case UInt8(ascii: "6"): .fifo
        case UInt8(ascii: "S"): .sparseFile
        case UInt8(ascii: "L"): .extended(.gnuName)
        case UInt8(ascii: "K"): .extended(.gnuLink)
        case UInt8(ascii: "x"): .extended(.pax)
        case UInt8(ascii: "g"): .extended(.globalPAX)
        default: .other(flag)
        }
    }

    /// Up to the first NUL.
    private static func text(_ field: ArraySlice<UInt8>) -> [UInt8] { Array(field.prefix { $0 != 0 }) }

    /// Octal digits between spaces and NULs, or GNU's big-endian binary.
    static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        guard let first = field.first else { return nil }
        if first & 0x80 != 0 {
            let digits = [first & 0x7F] + field.dropFirst()
            // Negative numbers begin with 0xFF; nothing that is read here can be negative.
            guard digits.dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
            let value = digits.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int64(exactly: value)
        }
        let blanks: Set<UInt8> = [0, 0x20]
        let digits = field.drop { blanks.contains($0) }.prefix { !blanks.contains($0) }
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x37).contains(digit), value < 1 << 59 else { return nil }
            value = value << 3 | Int64(digit - 0x30)
        }
        return value
    }
}
