import CArchive

/// What libarchive reads an archive from: bytes that it asks for when it needs them.
final class ArchiveInput {
    private let source: (UnsafeMutableRawBufferPointer) throws(PackageRefusal) -> Int
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    private var count: Int64 = 0
    private(set) var isAtEnd = false
    /// Why the source could not go on.
    private(set) var failure: PackageRefusal?
    /// Where the last byte ends that is not zero, of those that were read.
    private(set) var contentEnd: Int64 = 0

    /// - Parameter source: Fills a buffer from its beginning, and returns how far; 0 at the end.
    init(_ source: @escaping (UnsafeMutableRawBufferPointer) throws(PackageRefusal) -> Int) {
        self.source = source
    }

    deinit { buffer.deallocate() }

    /// Lets an archive read from here. It must not outlive this.
    func open(_ archive: OpaquePointer) -> Int32 {
        archive_read_open(
            archive,
            Unmanaged.passUnretained(self).toOpaque(),
            nil,
            { _, context, block in
                guard let context, let block else { return -1 }
                let input = Unmanaged<ArchiveInput>.fromOpaque(context).takeUnretainedValue()
                block.pointee = UnsafeRawPointer(input.buffer.baseAddress)
                return input.read()
            },
            nil
        )
    }

    /// Reads on.
    ///
    /// - Returns: How many bytes; 0 at the end, -1 after a failure.
    func read() -> Int {
        guard failure == nil else { return -1 }
        do throws(PackageRefusal) {
            let amount = try source(buffer)
            isAtEnd = amount == 0
            if let last = buffer[..<amount].lastIndex(where: { $0 != 0 }) { contentEnd = count + Int64(last) + 1 }
            count += Int64(amount)
            return amount
        } catch {
            failure = error
            return -1
        }
    }
}
