internal import CLinux
internal import Glibc

/// What the file system says of an entry and everything in it, without reading a file: equal stamps mean that there is
/// nothing to look at. It holds for this run of the host only.
struct CopyStamp: Equatable {
    private let value: Int

    /// Nil if the entry is not there.
    init?(_ path: String, depth: Int = 16) {
        var hasher = Hasher()
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        Self.add(status, to: &hasher)
        if status.st_mode & S_IFMT == S_IFDIR { Self.addTree(path, depth, to: &hasher) }
        value = hasher.finalize()
    }

    private static func addTree(_ path: String, _ depth: Int, to hasher: inout Hasher) {
        guard depth > 0 else { return }
        for name in DirectoryListing.names(in: path) ?? [] {
            var status = stat()
            guard lstat("\(path)/\(name)", &status) == 0 else { continue }
            hasher.combine(name)
            add(status, to: &hasher)
            if status.st_mode & S_IFMT == S_IFDIR { addTree("\(path)/\(name)", depth - 1, to: &hasher) }
        }
    }

    private static func add(_ status: stat, to hasher: inout Hasher) {
        hasher.combine(status.st_dev)
        hasher.combine(status.st_ino)
        hasher.combine(status.st_mode)
        hasher.combine(status.st_size)
        for time in [status.st_mtim, status.st_ctim] {
            hasher.combine(time.tv_sec)
            hasher.combine(time.tv_nsec)
        }
    }
}
