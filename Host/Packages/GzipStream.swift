import CArchive
import CLinux
import Glibc
import HostAPI

/// Reads a gzip file from its beginning to its end, and holds what it yields to the checksum and the size at the end.
///
/// libarchive inflates; it does not check those two, nor what follows them.
final class GzipStream {
    private let archive: OpaquePointer
    private let input: ArchiveInput
    private let limit: Int64
    private let trailer: [UInt8]
    private var checksum: UInt32 = 0
    private var count: Int64 = 0
    private var isAtEnd = false

    /// Opens the file.
    ///
    /// - Parameters:
    ///   - path: A regular file that begins as gzip files do.
    ///   - limit: How many bytes it may yield.
    /// - Throws: If it cannot be opened.
    init(_ path: String, limit: Int64) throws(PackageRefusal) {
        let file = try onDisk { () throws(Failure) in try OpenFile(path, O_RDONLY | O_NONBLOCK) }
        let size = try onDisk { () throws(Failure) in try file.status().st_size }
        trailer = try onDisk { () throws(Failure) in try file.read(at: UInt64(max(size - 8, 0)), count: 8) }
        input = ArchiveInput { (buffer) throws(PackageRefusal) in
            try onDisk { () throws(Failure) in try file.read(into: buffer) }
        }
        self.limit = limit
        guard let archive = archive_read_new() else { throw .failed(.system("read", path, ENOMEM)) }
        self.archive = archive
        // Exactly one gzip: libarchive would otherwise go on inflating as long as it finds something to inflate.
        archive_read_append_filter(archive, ARCHIVE_FILTER_GZIP)
        archive_read_support_format_raw(archive)
        archive_read_support_format_empty(archive)
    }

    deinit { archive_read_free(archive) }

    private var isOpen = false

    private func open() throws(PackageRefusal) {
        isOpen = true
        guard input.open(archive) == ARCHIVE_OK else { throw problem }
        var entry: OpaquePointer?
        switch archive_read_next_header(archive, &entry) {
        case ARCHIVE_OK: break
        case ARCHIVE_EOF: isAtEnd = true
        default: throw problem
        }
    }

    /// Reads on, and fills the buffer unless the end is there.
    ///
    /// - Parameter buffer: Filled from its beginning.
    /// - Returns: How many bytes; fewer than fit only at the end, when all of it was found to be right.
    /// - Throws: What is wrong with the file.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(PackageRefusal) -> Int {
        guard !isAtEnd else { return 0 }
        if !isOpen { try open() }
        // Nothing at all comes of it, be it whole or without a beginning.
        if isAtEnd {
            guard trailer.count == 8, trailer.allSatisfy({ $0 == 0 }) else { throw problem }
            return 0
        }
        let amount = archive_read_data(archive, buffer.baseAddress, buffer.count)
        guard amount >= 0 else { throw problem }
        checksum = archive_crc32(checksum, buffer.baseAddress, amount)
        count += Int64(amount)
        guard count <= limit else { throw .whole("unpacks to more than a package may hold") }
        if amount < buffer.count {
            isAtEnd = true
            try checkTrailer()
        }
        return amount
    }

    private func checkTrailer() throws(PackageRefusal) {
        let expected = trailer.reversed().map(UInt64.init).reduce(0) { $0 << 8 | $1 }
        guard expected == UInt64(checksum) | UInt64(UInt32(truncatingIfNeeded: count)) << 32 else {
            throw .whole(
                "is damaged, or something follows behind its end: its checksum does not match; copy or download it again"
            )
        }
    }

    private var problem: PackageRefusal {
        if let failure = input.failure { return failure }
        if input.isAtEnd { return .truncated("ends too early: a part is missing; copy or download it again") }
        return .whole("is damaged: it cannot be decompressed; copy or download it again")
    }
}
