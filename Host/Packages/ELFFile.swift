import CLinux
import Glibc
import HostAPI

/// The headers of an ELF file. None of its numbers is trusted: each offset and size is compared with the file's end.
struct ELFFile {
    let format: ELFFormat
    let header: [UInt8]
    /// Empty if the file has none.
    let sections: [ELFSection]
    /// Which section holds the names; nil if none does.
    let nameSection: Int?
    let names: [UInt8]
    let fileSize: UInt64
    /// Behind the last byte that the program headers speak of, those included.
    let loadedEnd: UInt64

    /// More than any compiler makes of one plugin.
    private static let tableLimit: UInt64 = 8 << 20

    init(_ file: borrowing OpenFile) throws(ELFError) {
        let reader: Reader
        do throws(Failure) {
            fileSize = UInt64(max(try file.status().st_size, 0))
            reader = Reader(size: fileSize)
        } catch {
            throw .failed(error)
        }
        let start = try reader.read(file, at: 0, count: min(64, fileSize), "the header")
        guard start.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { throw .notELF }
        guard start.count >= 52 else { throw .truncated("its header") }
        guard let format = ELFFormat(identification: start) else {
            throw .malformed("its header names neither 32 nor 64 bits, or no byte order")
        }
        self.format = format
        header = try reader.read(file, at: 0, count: UInt64(format.headerSize), "its header")
        loadedEnd = try Self.readSegments(file, reader, header, format)
        sections = try Self.readSections(file, reader, header, format)
        nameSection = try Self.findNames(header, format, sections)
        guard let nameSection else {
            names = []
            return
        }
        let section = sections[nameSection]
        guard section.size <= Self.tableLimit else { throw .malformed("its section names take more than 8 MiB") }
        names = try reader.read(file, at: section.offset, count: section.size, "the table of section names")
    }

    /// The name of a section; nil if it lies outside of the names.
    func name(of section: ELFSection) -> [UInt8]? {
        guard section.nameOffset < UInt64(names.count) else { return nil }
        return Array(names[Int(section.nameOffset)...].prefix { $0 != 0 })
    }

    // MARK: Tables

    /// Reads from a file of that size.
    private struct Reader {
        var size: UInt64

        func read(
            _ file: borrowing OpenFile,
            at offset: UInt64,
            count: UInt64,
            _ what: String
        ) throws(ELFError) -> [UInt8] {
            guard offset <= size, count <= size - offset else { throw .truncated(what) }
            do throws(Failure) {
                let bytes = try file.read(at: offset, count: Int(count))
                guard bytes.count == Int(count) else { throw Failure(.busy, "\(file.path) became shorter.") }
                return bytes
            } catch {
                throw .failed(error)
            }
        }
    }

    private static func readSegments(
        _ file: borrowing OpenFile,
        _ reader: Reader,
        _ header: [UInt8],
        _ format: ELFFormat
    ) throws(ELFError) -> UInt64 {
        let count = format.read(format.programHeaderCount, header)
        guard count > 0 else { return UInt64(format.headerSize) }
        let size = UInt64(format.programHeaderSize)
        guard format.read(format.programHeaderEntrySize, header) == size else {
            throw .malformed("its program headers have an odd size")
        }
        let offset = format.read(format.programHeaderOffset, header)
        let table = try reader.read(file, at: offset, count: count * size, "the table of program headers")
        var end = max(UInt64(format.headerSize), offset + count * size)
        for index in 0..<Int(count) {
            let bytes = table[(index * Int(size))...].prefix(Int(size))
            let offset = format.read(format.segmentOffset, bytes)
            let length = format.read(format.segmentFileSize, bytes)
            guard length > 0 else { continue }
            guard offset <= reader.size, length <= reader.size - offset else { throw .truncated("a part of the code") }
            end = max(end, offset + length)
        }
        return end
    }

    private static func readSections(
        _ file: borrowing OpenFile,
        _ reader: Reader,
        _ header: [UInt8],
        _ format: ELFFormat
    ) throws(ELFError) -> [ELFSection] {
        let offset = format.read(format.sectionHeaderOffset, header)
        guard offset > 0 else { return [] }
        let size = UInt64(format.sectionHeaderSize)
        guard format.read(format.sectionHeaderEntrySize, header) == size else {
            throw .malformed("its section headers have an odd size")
        }
        let first = ELFSection(try reader.read(file, at: offset, count: size, "the table of section headers"), format)
        // A count that does not fit is in the first section.
        let short = format.read(format.sectionHeaderCount, header)
        let count = short > 0 ? short : first.size
        guard count <= tableLimit / size else { throw .malformed("it has \(count) sections") }
        let table = try reader.read(file, at: offset, count: count * size, "the table of section headers")
        let sections = (0..<Int(count)).map { ELFSection(table[($0 * Int(size))...].prefix(Int(size)), format) }
        for section in sections where section.isInFile {
            guard section.offset <= reader.size, section.size <= reader.size - section.offset else {
                throw .truncated("a section")
            }
        }
        return sections
    }

    private static func findNames(
        _ header: [UInt8],
        _ format: ELFFormat,
        _ sections: [ELFSection]
    ) throws(ELFError) -> Int? {
        let short = format.read(format.nameSectionIndex, header)
        let index = short == 0xFFFF ? sections.first?.link ?? 0 : short
        guard index > 0, !sections.isEmpty else { return nil }
        guard index < UInt64(sections.count), sections[Int(index)].type == ELFSection.strings else {
            throw .malformed("its section names are in no section")
        }
        return Int(index)
    }
}
