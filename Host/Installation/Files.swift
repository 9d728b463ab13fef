internal import Glibc
internal import HostAPI
internal import Packages

/// The few things that changes do to directories. All of them survive a power cut once they have returned.
enum Files {
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Makes the directory and those above it that are missing below `root`.
    static func makeDirectory(_ path: String) throws(Failure) {
        if mkdir(path, 0o700) == 0 {
            try PackageFiles.syncDirectory(parent(of: path))
        } else if errno == ENOENT {
            try makeDirectory(parent(of: path))
            try makeDirectory(path)
        } else if errno != EEXIST {
            throw problem("make", path)
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw Failure(
                .refused,
                "\(path) is in the way: it must be a directory",
                hint: "move it away and try again"
            )
        }
    }

    /// Gives the directory a new name.
    ///
    /// - Throws: `refused` if something of that name is there.
    static func move(_ path: String, to newPath: String) throws(Failure) {
        guard try PackageFiles.place(path, at: newPath) != .targetExists else {
            throw Failure(
                .refused,
                "\(path) cannot be moved to \(newPath): something is there already",
                hint: "move it away and try again"
            )
        }
    }

    /// Moves it back if it is there and its old place is free.
    static func moveBack(_ path: String, to oldPath: String) throws(Failure) {
        if exists(path), !exists(oldPath) {
            try makeDirectory(parent(of: oldPath))
            try move(path, to: oldPath)
        }
    }

    /// Removes an empty directory; one that is not empty stays, and so does a file.
    static func removeIfEmpty(_ path: String) throws(Failure) {
        if rmdir(path) == 0 {
            try PackageFiles.syncDirectory(parent(of: path))
        } else if errno != ENOENT, errno != ENOTEMPTY, errno != EEXIST, errno != ENOTDIR {
            throw problem("remove", path)
        }
    }

    /// Makes a small file with that content.
    static func write(_ text: String, to path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw problem("make", path) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw problem("write", path)
        }
        try PackageFiles.syncDirectory(parent(of: path))
    }

    /// At most 4 KiB of a file; nil if it is not there.
    static func read(_ path: String) throws(Failure) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw problem("read", path)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw problem("read", path) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Removes a file or a whole tree, if it is there.
    static func removeTree(_ path: String) throws(Failure) {
        if exists(path) { try PackageFiles.removeTree(path) }
    }

    /// Removes a file, if it is there.
    static func removeFile(_ path: String) throws(Failure) {
        if unlink(path) == 0 {
            try PackageFiles.syncDirectory(parent(of: path))
        } else if errno != ENOENT {
            throw problem("remove", path)
        }
    }

    /// The names in a directory, sorted; none if it is not there.
    static func names(in path: String) throws(Failure) -> [String] {
        guard let directory = opendir(path) else {
            if errno == ENOENT { return [] }
            throw problem("read", path)
        }
        defer { closedir(directory) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw problem("read", path) }
        return names.sorted()
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func problem(_ operation: String, _ path: String) -> Failure {
        let number = errno
        let hint =
            switch number {
            case ENOSPC, EDQUOT: "free some space and try again"
            case EACCES, EPERM, EROFS: "check the owner and mode of the directory"
            default: "hostd's log may say more"
            }
        return Failure(
            number == EACCES || number == EPERM || number == EROFS ? .denied : .internalError,
            "cannot \(operation) \(path): \(String(cString: strerror(number)))",
            hint: hint
        )
    }
}
