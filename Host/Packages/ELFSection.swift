/// The header of a section.
struct ELFSection: Equatable {
    /// Where its name begins in the section of names.
    var nameOffset: UInt64
    var type: UInt64
    var flags: UInt64
    var address: UInt64
    var offset: UInt64
    var size: UInt64
    var link: UInt64
    var info: UInt64
    var alignment: UInt64
    var entrySize: UInt64

    /// SHT_PROGBITS.
    static let programData: UInt64 = 1
    /// SHT_STRTAB.
    static let strings: UInt64 = 3
    /// SHF_COMPRESSED.
    static let compressed: UInt64 = 0x800

    /// SHT_NOBITS and SHT_NULL take no room in the file.
    var isInFile: Bool { type != 8 && type != 0 }

    init(type: UInt64, nameOffset: UInt64 = 0, offset: UInt64 = 0, size: UInt64 = 0) {
        self.nameOffset = nameOffset
        self.type = type
        flags = 0
        address = 0
        self.offset = offset
        self.size = size
        link = 0
        info = 0
        alignment = type == 0 ? 0 : 1
        entrySize = 0
    }

    init(_ bytes: some RandomAccessCollection<UInt8>, _ format: ELFFormat) {
        let values = Self.fields(format).map { format.read($0, bytes) }
        nameOffset = values[0]
        type = values[1]
        flags = values[2]
        address = values[3]
        offset = values[4]
        size = values[5]
        link = values[6]
        info = values[7]
        alignment = values[8]
        entrySize = values[9]
    }

    func bytes(_ format: ELFFormat) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: format.sectionHeaderSize)
        let values = [nameOffset, type, flags, address, offset, size, link, info, alignment, entrySize]
        for (field, value) in zip(Self.fields(format), values) { format.write(value, field, &bytes) }
        return bytes
    }

    /// In the order of the members above, which is that of the file.
    private static func fields(_ format: ELFFormat) -> [ELFFormat.Field] {
        let word = format.is64Bit ? 8 : 4
        var offset = 0
        return [4, 4, word, word, word, word, 4, 4, word, word].map { size in
            defer { offset += size }
            return ELFFormat.Field(offset: offset, size: size)
        }
    }
}
