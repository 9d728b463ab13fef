internal import Glibc

/// The few system calls that the store needs beside SQLite's own.
enum FileSystem {
    /// The size in bytes, nil if there is no such file.
    static func size(of path: String) throws(StoreError) -> Int64? {
        var status = stat()
        if stat(path, &status) == 0 { return Int64(status.st_size) }
        guard errno == ENOENT else { throw error(path) }
        return nil
    }

    /// Makes the file if it is not there. Only its owner can read it, also if it was there before.
    static func makePrivate(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw error(path) }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else { throw error(path) }
    }

    /// Renames the file so that the new name survives a power cut.
    static func rename(_ path: String, to newPath: String) throws(StoreError) {
        guard Glibc.rename(path, newPath) == 0 else { throw error(path) }
        let descriptor = open(directory(of: newPath), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error(newPath) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw error(newPath) }
    }

    /// Removes the file if it is there.
    static func remove(_ path: String) {
        unlink(path)
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func error(_ path: String) -> StoreError {
        switch errno {
        case EACCES, EPERM, EROFS: .denied(file: path)
        case ENOSPC, EDQUOT: .diskFull(file: path)
        default: .unreadable(file: path, reason: String(cString: strerror(errno)))
        }
    }
}
