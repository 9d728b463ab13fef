import CArchive
import Glibc
import HostAPI

/// Reads the entries of a `.tar.gz` in their order.
///
/// libarchive knows the format with all its extensions; whether an entry may be part of a package is decided here. What
/// it does not tell is taken as it takes it, as other programs that use it do: a name in an extended header ends at its
/// first NUL, global extended headers change nothing, files of a kind that it does not know are files, and an archive
/// may end without the mark of an end. The last is harmless: the gzip around it says that all of it is there.
final class TarReader {
    /// A file or directory, nothing else.
    struct Entry {
        var name: EntryName
        var isDirectory: Bool
        var isExecutable: Bool
        var size: Int64
    }

    private let archive: OpaquePointer
    private let input: ArchiveInput
    private let limits: PackageLimits
    private var isOpen = false
    private var entryCount = 0
    private var byteCount: Int64 = 0
    /// Whether there may be more of the entry's content, how far it has been read, and how large it is to be.
    private var isInEntry = false
    private var offset: Int64 = 0
    private var size: Int64 = 0

    /// Opens the archive.
    init(_ path: String, limits: PackageLimits) throws(PackageRefusal) {
        // Headers and filling come on top of the content.
        let stream = try GzipStream(path, limit: limits.bytes + Int64(limits.entries) * 2048 + 1 << 20)
        input = ArchiveInput { (buffer) throws(PackageRefusal) in try stream.read(into: buffer) }
        self.limits = limits
        guard let archive = archive_read_new() else { throw .failed(.system("read", path, ENOMEM)) }
        self.archive = archive
        archive_read_support_format_tar(archive)
    }

    deinit { archive_read_free(archive) }

    /// The next file or directory; nil behind the last one, when the whole archive was found to be right.
    func next() throws(PackageRefusal) -> Entry? {
        // libarchive converts the names in extended headers from UTF-8 to the language of the thread, which a plugin in
        // this process may have set. "C" is always there, needs no freeing, and leaves nothing but ASCII to convert.
        let language = uselocale(newlocale(1 << LC_CTYPE, "C", nil))
        defer { uselocale(language) }
        if !isOpen {
            isOpen = true
            try check(input.open(archive))
        }
        while true {
            while try content({ _ throws(PackageRefusal) in }) {}
            var entry: OpaquePointer?
            let status = archive_read_next_header(archive, &entry)
            if status == ARCHIVE_EOF {
                try checkEnd()
                return nil
            }
            // What cannot be converted is a warning of this number, and is handed over byte for byte.
            if status != ARCHIVE_WARN || archive_errno(archive) != EILSEQ { try check(status) }
            if let entry, let accepted = try accept(entry) { return accepted }
        }
    }

    /// Reads on in the content of the entry.
    ///
    /// - Parameter body: Gets the bytes.
    /// - Returns: False if there are none any more.
    /// - Throws: What is wrong with the archive, or what `body` says.
    func content(_ body: (UnsafeRawBufferPointer) throws(PackageRefusal) -> Void) throws(PackageRefusal) -> Bool {
        guard isInEntry else { return false }
        var block: UnsafeRawPointer?
        var count = 0
        var position: Int64 = 0
        let status = archive_read_data_block(archive, &block, &count, &position)
        isInEntry = status == ARCHIVE_OK
        if status != ARCHIVE_EOF { try check(status) }
        // An extended header can declare another size than that of what is there.
        guard isInEntry ? position == offset && Int64(count) <= size - offset : offset == size else {
            throw .whole("is damaged: a file in it is not as large as its entry says")
        }
        guard isInEntry else { return false }
        offset += Int64(count)
        try body(UnsafeRawBufferPointer(start: block, count: count))
        return true
    }

    /// Nil for the package's own directory.
    private func accept(_ entry: OpaquePointer) throws(PackageRefusal) -> Entry? {
        entryCount += 1
        guard entryCount <= limits.entries else {
            throw .whole("holds more than \(limits.entries) files and directories; it is not a package")
        }
        let bytes = Self.bytes(archive_entry_pathname(entry)) ?? []
        func refuse(_ reason: String) -> PackageRefusal { .entry(bytes, reason) }
        let kind = archive_entry_filetype(entry)
        let isDirectory = kind == S_IFDIR
        let name = try EntryName.parse(bytes, isDirectory: isDirectory)
        if let target = Self.target(archive_entry_hardlink(entry)) {
            throw refuse("is a hard link to \(target); put a copy of the file in its place")
        }
        if let target = Self.target(archive_entry_symlink(entry)) {
            throw refuse("is a symbolic link to \(target); put a copy of the file in its place")
        }
        switch kind {
        case S_IFREG, S_IFDIR: break
        case S_IFCHR, S_IFBLK: throw refuse("is a device; a package holds only files and directories")
        case S_IFIFO: throw refuse("is a named pipe; a package holds only files and directories")
        default: throw refuse("is of an unknown kind; a package holds only files and directories")
        }
        guard archive_entry_sparse_count(entry) == 0 else {
            throw refuse("is stored as a file with holes; pack it without `--sparse`")
        }
        let mode = archive_entry_mode(entry)
        guard mode & 0o7000 == 0 else {
            throw refuse("has the setuid, setgid or sticky bit; clear it with `chmod u-s,g-s,-t`")
        }
        let size = archive_entry_size(entry)
        guard !isDirectory || size == 0 else { throw refuse("is a directory, but has content") }
        // Before a byte of it is unpacked. The sum cannot overflow: both are at most the limit.
        guard (0...limits.bytes).contains(size), byteCount + size <= limits.bytes else {
            throw .whole("unpacks to more than \(limits.bytes >> 20) MiB; it is not a package")
        }
        byteCount += size
        self.size = size
        offset = 0
        isInEntry = true
        return name.map { Entry(name: $0, isDirectory: isDirectory, isExecutable: mode & 0o100 != 0, size: size) }
    }

    /// Behind the end is nothing but zeros, and the gzip ends as it should.
    private func checkEnd() throws(PackageRefusal) {
        let end = archive_filter_bytes(archive, 0)
        while input.read() > 0 {}
        if let failure = input.failure { throw failure }
        guard input.contentEnd <= end else { throw .whole("has something behind the end of the tar archive") }
    }

    private func check(_ status: Int32) throws(PackageRefusal) {
        if let failure = input.failure { throw failure }
        guard status != ARCHIVE_OK else { return }
        let reason = archive_error_string(archive).map { ": \(String(cString: $0).shownInMessage)" } ?? ""
        throw .whole("is damaged, or is not a tar archive\(reason)")
    }

    private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8]? {
        text.map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    }

    private static func target(_ text: UnsafePointer<CChar>?) -> String? {
        bytes(text).map { String(decoding: $0, as: UTF8.self).excerpt.shownInMessage }
    }
}
