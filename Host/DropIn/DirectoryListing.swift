internal import CLinux
internal import Glibc

/// What is in a directory.
enum DirectoryListing {
    /// The names, sorted.
    ///
    /// - Returns: nil with `errno` if the directory cannot be read to its end.
    static func names(in path: String) -> [String]? {
        guard let handle = opendir(path) else { return nil }
        defer { closedir(handle) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        return errno == 0 ? names.sorted() : nil
    }

    /// The directories in it; none if it cannot be read.
    static func directories(in path: String, isFollowingLinks: Bool) -> [String] {
        (names(in: path) ?? []).filter { name in
            var status = stat()
            let result = fstatat(AT_FDCWD, "\(path)/\(name)", &status, isFollowingLinks ? 0 : AT_SYMLINK_NOFOLLOW)
            return result == 0 && status.st_mode & S_IFMT == S_IFDIR
        }
    }
}
