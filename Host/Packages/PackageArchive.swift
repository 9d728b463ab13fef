import CArchive
import Glibc
package import HostAPI
import Manifests

/// Makes a package into one file.
package enum PackageArchive {
    /// Packs a package directory as a `.tar.gz`: the same content gives the same bytes.
    ///
    /// - Parameters:
    ///   - directory: The package; it is checked first.
    ///   - output: The file that is made or replaced, when it is whole.
    ///   - date: What all files are dated, in seconds since 1970: the value of `SOURCE_DATE_EPOCH`.
    ///   - limits: How large the package may be.
    /// - Throws: What is wrong with the package, or what the disk says.
    package static func pack(
        _ directory: String,
        to output: String,
        date: Int = 0,
        limits: PackageLimits = PackageLimits()
    ) throws(Failure) {
        do throws(PackageError) {
            _ = try PackageDirectory.read(directory)
        } catch {
            throw error.failure
        }
        do throws(PackageRefusal) {
            let root = try onDisk { () throws(Failure) in try OpenFile(directory, O_RDONLY | O_DIRECTORY) }
            let tree = try PackageTree(root, limits: limits, isCancelled: { false })
            do throws(Failure) {
                try NewFile.write(to: output, mode: 0o644) { (file) throws(Failure) in
                    try write(tree, below: root, to: file, date: date)
                }
            } catch {
                throw .failed(error)
            }
        } catch {
            throw error.failure(of: directory)
        }
    }

    private static func write(
        _ tree: PackageTree,
        below root: borrowing OpenFile,
        to output: borrowing OpenFile,
        date: Int
    ) throws(Failure) {
        let path = output.path
        guard let archive = archive_write_new(), let entry = archive_entry_new() else {
            throw .system("write", path, ENOMEM)
        }
        defer {
            archive_entry_free(entry)
            archive_write_free(archive)
        }
        func check(_ status: Int32) throws(Failure) {
            guard status != ARCHIVE_OK else { return }
            let number = archive_errno(archive)
            throw .system("write", path, number > 0 ? number : EIO)
        }
        try check(archive_write_add_filter_gzip(archive))
        try check(archive_write_set_filter_option(archive, "gzip", "compression-level", "9"))
        // No time in the gzip header.
        try check(archive_write_set_filter_option(archive, "gzip", "timestamp", nil))
        // GNU's format takes names byte for byte, whatever the language of the host is.
        try check(archive_write_set_format_gnutar(archive))
        try check(archive_write_open_fd(archive, output.descriptor))
        for file in tree.entries {
            archive_entry_clear(entry)
            archive_entry_set_pathname(entry, file.name.path + (file.isDirectory ? "/" : ""))
            archive_entry_set_filetype(entry, file.isDirectory ? S_IFDIR : S_IFREG)
            archive_entry_set_perm(entry, file.isDirectory || file.isExecutable ? 0o755 : 0o644)
            archive_entry_set_size(entry, file.isDirectory ? 0 : file.size)
            archive_entry_set_mtime(entry, date, 0)
            try check(archive_write_header(archive, entry))
            if !file.isDirectory { try writeContent(of: file, below: root, to: archive, check) }
        }
        try check(archive_write_close(archive))
    }

    private static func writeContent(
        of entry: PackageTree.Entry,
        below root: borrowing OpenFile,
        to archive: OpaquePointer,
        _ check: (Int32) throws(Failure) -> Void
    ) throws(Failure) {
        let file = try PackageTree.open(entry.name, below: root, O_RDONLY | O_NONBLOCK)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var size: Int64 = 0
        while true {
            let count = try file.read(into: buffer)
            if count == 0 { break }
            size += Int64(count)
            guard size <= entry.size else { break }
            let written = archive_write_data(archive, buffer.baseAddress, count)
            if written != count { try check(ARCHIVE_FATAL) }
        }
        guard PackageTree.Identity(try file.status()) == entry.identity, size == entry.size else {
            throw PackageRefusal.changed(entry.name).failure(of: root.path)
        }
    }
}
