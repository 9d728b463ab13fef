import Glibc
package import HostAPI

extension PackageFiles {
    /// Removes a file or a whole tree, whatever its modes are. Links are removed, never followed.
    ///
    /// A plugin may have made directories in directories beyond every limit; those that lie deep are moved up first.
    ///
    /// - Parameter path: May not be there any more.
    /// - Throws: What the disk says.
    package static func removeTree(_ path: String) throws(Failure) {
        let parent = try OpenFile(parent(of: path), O_RDONLY | O_DIRECTORY)
        let name = String(path.split(separator: "/").last ?? "")
        guard !name.isEmpty, name != ".", name != ".." else {
            throw Failure(.invalidArgument, "\(path) cannot be removed: it names no file or directory.")
        }
        guard try !unlink(name, in: parent) else { return }
        do throws(Failure) {
            let top = try openToEmpty(name, in: parent)
            var movedCount = 0
            // Each round empties what the one before has moved up.
            repeat {
                movedCount = 0
                try empty(top, depth: 0, top: top.descriptor, movedCount: &movedCount)
            } while movedCount > 0
        } catch  where error.code == .notFound {
            // Somebody else removes it, too.
        }
        try removeDirectory(name, in: parent)
    }

    private static let depthLimit = 32

    private static func empty(
        _ directory: borrowing OpenFile,
        depth: Int,
        top: Int32,
        movedCount: inout Int
    ) throws(Failure) {
        let descriptor = directory.descriptor
        for bytes in try DirectoryListing.names(directory) {
            // A name need not be UTF-8.
            let name = bytes.map(CChar.init(bitPattern:)) + [0]
            let text = String(decoding: bytes, as: UTF8.self)
            if unlinkat(descriptor, name, 0) == 0 || errno == ENOENT { continue }
            guard errno == EISDIR || errno == EPERM else { throw .system("remove", "\(directory.path)/\(text)", errno) }
            if depth == depthLimit {
                _ = try? openToEmpty(name, in: directory)
                let moved = ".deep-\(movedCount)-\(UInt64.random(in: 0...UInt64.max))"
                try systemCall("remove", "\(directory.path)/\(text)") { renameat(descriptor, name, top, moved) }
                movedCount += 1
            } else {
                let inside = try openToEmpty(name, in: directory)
                try empty(inside, depth: depth + 1, top: top, movedCount: &movedCount)
            }
            if unlinkat(descriptor, name, AT_REMOVEDIR) != 0, errno != ENOENT {
                throw .system("remove", "\(directory.path)/\(text)", errno)
            }
        }
    }

    /// Opens a directory so that what is in it can be removed.
    private static func openToEmpty(_ name: [CChar], in parent: borrowing OpenFile) throws(Failure) -> OpenFile {
        let descriptor = parent.descriptor
        let path = "\(parent.path)/\(String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))"
        // Opening says what matters if this fails. A link that has taken the directory's place is not followed.
        _ = fchmodat(descriptor, name, 0o700, AT_SYMLINK_NOFOLLOW)
        let opened = try systemCall("open", path) {
            openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        return OpenFile(descriptor: opened, path: path)
    }

    private static func openToEmpty(_ name: String, in parent: borrowing OpenFile) throws(Failure) -> OpenFile {
        try openToEmpty(Array(name.utf8CString), in: parent)
    }

    /// True if there is nothing (any more); false if it is a directory.
    private static func unlink(_ name: String, in parent: borrowing OpenFile) throws(Failure) -> Bool {
        if unlinkat(parent.descriptor, name, 0) == 0 || errno == ENOENT { return true }
        guard errno == EISDIR || errno == EPERM else { throw .system("remove", "\(parent.path)/\(name)", errno) }
        return false
    }

    private static func removeDirectory(_ name: String, in parent: borrowing OpenFile) throws(Failure) {
        if unlinkat(parent.descriptor, name, AT_REMOVEDIR) != 0, errno != ENOENT {
            throw .system("remove", "\(parent.path)/\(name)", errno)
        }
    }
}
