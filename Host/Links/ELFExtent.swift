internal import CLinux
internal import Glibc

/// Whether all of an ELF file has arrived: linkers write the table of sections last, and its place stands at the start.
package enum ELFExtent {
    /// How much of the file is there.
    package enum State: Sendable, Equatable {
        case whole
        /// It is shorter than its own header says, or empty.
        case incomplete
        /// It does not begin like one, or cannot be read.
        case notELF
    }

    /// The header of a 64-bit file, gABI chapter "ELF Header"; a 32-bit one is shorter.
    private static let headerSize = 64

    /// Looks at the start of the file and at its size.
    package static func state(of path: String) -> State {
        // Not blocking, so that a FIFO of that name does not hold up the host.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .notELF }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return .notELF }
        var bytes = [UInt8](repeating: 0, count: headerSize)
        let count = pread(descriptor, &bytes, headerSize, 0)
        guard count >= 0 else { return .notELF }
        return state(start: bytes[..<count], size: UInt64(status.st_size)) { offset, size in
            var bytes = [UInt8](repeating: 0, count: size)
            guard pread(descriptor, &bytes, size, off_t(offset)) == size else { return nil }
            return bytes
        }
    }

    /// Judges by the first 64 bytes and the file's size; `read` gives so many bytes at a place inside of the file.
    static func state(start: ArraySlice<UInt8>, size: UInt64, read: (UInt64, Int) -> [UInt8]?) -> State {
        let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]
        guard start.starts(with: magic.prefix(start.count)) else { return .notELF }
        guard start.count >= 52, start.count >= (start[4] == 2 ? headerSize : 52) else { return .incomplete }
        let header = Fields(bytes: Array(start), isWide: start[4] == 2, isLittleEndian: start[5] == 1)
        let wide = header.isWide
        let sections = Table(
            offset: header.word(wide ? 40 : 32),
            entrySize: header.half(wide ? 58 : 46),
            count: header.half(wide ? 60 : 48)
        )
        let segments = Table(
            offset: header.word(wide ? 32 : 28),
            entrySize: header.half(wide ? 54 : 42),
            count: header.half(wide ? 56 : 44)
        )
        guard sections.fits(in: size), segments.fits(in: size) else { return .incomplete }
        guard segments.count > 0, segments.entrySize >= (wide ? 56 : 32) else { return .whole }
        guard let bytes = read(segments.offset, Int(segments.entrySize * segments.count)) else { return .incomplete }
        for index in 0..<Int(segments.count) {
            let entry = index * Int(segments.entrySize)
            let fields = Fields(bytes: Array(bytes[entry...]), isWide: wide, isLittleEndian: header.isLittleEndian)
            let (end, isOverflow) = fields.word(wide ? 8 : 4).addingReportingOverflow(fields.word(wide ? 32 : 16))
            if isOverflow || end > size { return .incomplete }
        }
        return .whole
    }

    private struct Table {
        var offset: UInt64
        var entrySize: UInt64
        var count: UInt64

        func fits(in size: UInt64) -> Bool {
            guard offset > 0, count > 0 else { return true }
            let (end, isOverflow) = offset.addingReportingOverflow(entrySize * count)
            return !isOverflow && end <= size
        }
    }

    private struct Fields {
        var bytes: [UInt8]
        var isWide: Bool
        var isLittleEndian: Bool

        func half(_ offset: Int) -> UInt64 { number(offset, 2) }

        func word(_ offset: Int) -> UInt64 { number(offset, isWide ? 8 : 4) }

        private func number(_ offset: Int, _ size: Int) -> UInt64 {
            let part = bytes[offset..<offset + size]
            let ordered = isLittleEndian ? Array(part.reversed()) : Array(part)
            return ordered.reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
