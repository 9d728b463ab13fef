import Glibc
import HostAPI

/// Reads the entries of a `.tar.gz` in their order.
///
/// The tar format is read here and not by libarchive: each rule below needs to see the bytes as they are, and so does
/// each sentence about them; bytes from strangers are read by code that checks its bounds.
struct TarReader: ~Copyable {
    /// A file or directory, nothing else.
    struct Entry {
        var name: EntryName
        var isDirectory: Bool
        var isExecutable: Bool
        var size: Int64
    }

    private static let extensionLimit: Int64 = 64 << 10

    private let stream: GzipStream
    private let limits: PackageLimits
    private let buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    /// What is left of the entry's content, and the filling behind it.
    private var contentLeft: Int64 = 0
    private var paddingLeft = 0
    private var entryCount = 0
    private var byteCount: Int64 = 0

    /// Opens the archive.
    init(_ path: String, limits: PackageLimits) throws(PackageRefusal) {
        // Headers and filling come on top of the content.
        stream = try GzipStream(path, limit: limits.bytes + Int64(limits.entries) * 2048 + 1 << 20)
        self.limits = limits
        buffer = .allocate(byteCount: 1 << 16, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// The next file or directory; nil behind the last one, when the whole archive was found to be right.
    mutating func next() throws(PackageRefusal) -> Entry? {
        while contentLeft > 0 { _ = try content { _ throws(PackageRefusal) in } }
        try skip(paddingLeft)
        paddingLeft = 0

        var records: PAXRecords?
        var longName: [UInt8]?
        var longLink: [UInt8]?
        while true {
            guard let block = try block() else { throw .whole("ends without the end mark of a tar archive") }
            if block.allSatisfy({ $0 == 0 }) {
                guard records == nil, longName == nil, longLink == nil else {
                    throw .whole("is damaged: it ends inside of an entry")
                }
                try checkEnd()
                return nil
            }
            guard var header = TarHeader(block) else {
                throw .whole("is damaged, or is not a tar archive: the checksum of an entry does not match")
            }
            if case .extended(let kind) = header.kind {
                let bytes = try extensionBytes(header)
                switch kind {
                case .gnuName: longName = Array(bytes.last == 0 ? bytes.dropLast() : bytes[...])
                case .gnuLink: longLink = bytes.prefix { $0 != 0 }.map { $0 }
                case .pax, .globalPAX:
                    guard let read = PAXRecords(bytes) else {
                        throw .whole("is damaged: an extended header cannot be read")
                    }
                    if kind == .pax {
                        records = read
                    } else if !read.isEmpty {
                        throw .whole("sets one path or size for all its entries, which is not supported")
                    }
                }
                continue
            }
            header.name = records?.path ?? longName ?? header.name
            header.linkTarget = records?.linkTarget ?? longLink ?? header.linkTarget
            header.size = records?.size ?? header.size
            if records?.isSparse == true { header.kind = .sparseFile }
            if let entry = try accept(header) { return entry }
            records = nil
            longName = nil
            longLink = nil
        }
    }

    /// Reads on in the content of the entry.
    ///
    /// - Parameter body: Gets the bytes.
    /// - Returns: False if there are none any more.
    /// - Throws: What is wrong with the archive, or what `body` says.
    mutating func content(
        _ body: (UnsafeRawBufferPointer) throws(PackageRefusal) -> Void
    ) throws(PackageRefusal) -> Bool {
        guard contentLeft > 0 else { return false }
        guard try fill() else { throw .whole("is damaged: a file in it ends too early") }
        let count = Int(min(contentLeft, Int64(end - start)))
        let range = start..<start + count
        start += count
        contentLeft -= Int64(count)
        try body(UnsafeRawBufferPointer(rebasing: buffer[range]))
        return true
    }

    // MARK: Entries

    /// Nil for the package's own directory.
    private mutating func accept(_ header: TarHeader) throws(PackageRefusal) -> Entry? {
        entryCount += 1
        guard entryCount <= limits.entries else {
            throw .whole("holds more than \(limits.entries) files and directories; it is not a package")
        }
        let isDirectory = header.kind == .directory
        func refuse(_ reason: String) -> PackageRefusal { .entry(header.name, reason) }
        let name = try EntryName.parse(header.name, isDirectory: isDirectory)
        let target = String(decoding: header.linkTarget, as: UTF8.self).excerpt.shownInMessage
        switch header.kind {
        case .file, .directory, .extended: break
        case .symbolicLink: throw refuse("is a symbolic link to \(target); put a copy of the file in its place")
        case .hardLink: throw refuse("is a hard link to \(target); put a copy of the file in its place")
        case .characterDevice, .blockDevice: throw refuse("is a device; a package holds only files and directories")
        case .fifo: throw refuse("is a named pipe; a package holds only files and directories")
        case .sparseFile: throw refuse("is stored as a file with holes; pack it without `--sparse`")
        case .other(let flag):
            let letter = String(decoding: [flag], as: UTF8.self).shownInMessage
            throw refuse("is of the unknown kind \"\(letter)\"; a package holds only files and directories")
        }
        guard header.mode & 0o7000 == 0 else {
            throw refuse("has the setuid, setgid or sticky bit; clear it with `chmod u-s,g-s,-t`")
        }
        guard !isDirectory || header.size == 0 else { throw refuse("is a directory, but has content") }
        // Before a byte of it is unpacked. The sum cannot overflow: both are at most the limit.
        guard header.size <= limits.bytes, byteCount + header.size <= limits.bytes else {
            throw .whole("unpacks to more than \(limits.bytes >> 20) MiB; it is not a package")
        }
        byteCount += header.size
        contentLeft = header.size
        paddingLeft = Self.padding(header.size)
        guard let name else { return nil }
        return Entry(
            name: name,
            isDirectory: isDirectory,
            isExecutable: header.mode & 0o100 != 0,
            size: header.size
        )
    }

    private mutating func extensionBytes(_ header: TarHeader) throws(PackageRefusal) -> [UInt8] {
        guard header.size <= Self.extensionLimit else {
            throw .whole("has an extended header of \(header.size) bytes; at most \(Self.extensionLimit) are allowed")
        }
        var bytes: [UInt8] = []
        contentLeft = header.size
        while contentLeft > 0 { _ = try content { (part) throws(PackageRefusal) in bytes += part } }
        try skip(Self.padding(header.size))
        return bytes
    }

    private static func padding(_ size: Int64) -> Int {
        let block = TarHeader.blockSize
        return (block - Int(size % Int64(block))) % block
    }

    // MARK: Blocks

    /// The first block of the end was read: the second follows, and then nothing but filling.
    private mutating func checkEnd() throws(PackageRefusal) {
        guard try block()?.allSatisfy({ $0 == 0 }) == true else {
            throw .whole("ends without the end mark of a tar archive")
        }
        while try fill() {
            guard buffer[start..<end].allSatisfy({ $0 == 0 }) else {
                throw .whole("has something behind the end of the tar archive")
            }
            start = end
        }
    }

    /// Nil if there is nothing any more.
    private mutating func block() throws(PackageRefusal) -> [UInt8]? {
        var block: [UInt8] = []
        while block.count < TarHeader.blockSize {
            guard try fill() else {
                if block.isEmpty { return nil }
                throw .whole("is damaged: it ends inside of an entry")
            }
            let count = min(TarHeader.blockSize - block.count, end - start)
            block += buffer[start..<start + count]
            start += count
        }
        return block
    }

    private mutating func skip(_ count: Int) throws(PackageRefusal) {
        var left = count
        while left > 0 {
            guard try fill() else { throw .whole("is damaged: a file in it ends too early") }
            let part = min(left, end - start)
            start += part
            left -= part
        }
    }

    /// False at the end.
    private mutating func fill() throws(PackageRefusal) -> Bool {
        guard start == end else { return true }
        start = 0
        end = 0
        end = try stream.read(into: buffer)
        return end > 0
    }
}
