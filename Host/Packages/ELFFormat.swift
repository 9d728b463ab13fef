/// The two widths and the two byte orders of ELF, and where its fields are. Numbers are from the System V gABI.
struct ELFFormat: Equatable {
    var is64Bit: Bool
    var isLittleEndian: Bool

    /// Nil if the bytes are not the start of an ELF file of a known kind.
    init?(identification bytes: [UInt8]) {
        guard bytes.count >= 16, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]), (1...2).contains(bytes[4]),
            (1...2).contains(bytes[5]), bytes[6] == 1
        else { return nil }
        is64Bit = bytes[4] == 2
        isLittleEndian = bytes[5] == 1
    }

    var headerSize: Int { is64Bit ? 64 : 52 }
    var sectionHeaderSize: Int { is64Bit ? 64 : 40 }
    var programHeaderSize: Int { is64Bit ? 56 : 32 }
    /// Of a table of headers in the file.
    var alignment: UInt64 { is64Bit ? 8 : 4 }

    /// A field: where it begins, and how many bytes it has.
    struct Field {
        var offset: Int
        var size: Int
    }

    // MARK: The file's header

    var programHeaderOffset: Field { is64Bit ? Field(offset: 32, size: 8) : Field(offset: 28, size: 4) }
    var sectionHeaderOffset: Field { is64Bit ? Field(offset: 40, size: 8) : Field(offset: 32, size: 4) }
    var programHeaderEntrySize: Field { Field(offset: is64Bit ? 54 : 42, size: 2) }
    var programHeaderCount: Field { Field(offset: is64Bit ? 56 : 44, size: 2) }
    var sectionHeaderEntrySize: Field { Field(offset: is64Bit ? 58 : 46, size: 2) }
    var sectionHeaderCount: Field { Field(offset: is64Bit ? 60 : 48, size: 2) }
    var nameSectionIndex: Field { Field(offset: is64Bit ? 62 : 50, size: 2) }

    // MARK: A program header

    var segmentOffset: Field { is64Bit ? Field(offset: 8, size: 8) : Field(offset: 4, size: 4) }
    var segmentFileSize: Field { is64Bit ? Field(offset: 32, size: 8) : Field(offset: 16, size: 4) }

    // MARK: Numbers

    /// The field must be inside of the bytes.
    func read(_ field: Field, _ bytes: some RandomAccessCollection<UInt8>) -> UInt64 {
        let part = bytes.dropFirst(field.offset).prefix(field.size)
        let value: UInt64 = 0
        return isLittleEndian
            ? part.reversed().reduce(value) { $0 << 8 | UInt64($1) } : part.reduce(value) { $0 << 8 | UInt64($1) }
    }

    func write(_ value: UInt64, _ field: Field, _ bytes: inout [UInt8]) {
        for index in 0..<field.size {
            let shift = UInt64(isLittleEndian ? index : field.size - 1 - index) * 8
            bytes[field.offset + index] = UInt8(truncatingIfNeeded: value >> shift)
        }
    }
}
