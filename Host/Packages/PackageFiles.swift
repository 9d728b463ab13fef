import CLinux
import Glibc
package import HostAPI

/// Steps on whole directories that last: after a power cut each was done or was not, and each can be done again.
package enum PackageFiles {
    /// What `place` found.
    package enum Placement: Sendable, Equatable {
        case placed
        /// The tree is not there, but the target is: this was done before.
        case wasPlaced
        /// Something is at the target, and the tree is where it was.
        case targetExists
    }

    /// Waits until a tree is on the disk: every file, then every directory from below.
    ///
    /// - Parameter tree: A directory; links in it are not followed.
    /// - Throws: What the disk says.
    package static func sync(_ tree: String) throws(Failure) {
        let root = try OpenFile(tree, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        var directories: [[UInt8]] = [[]]
        var index = 0
        while index < directories.count {
            let path = directories[index]
            index += 1
            let directory = try openBelow(root, path)
            for name in try DirectoryListing.names(directory) {
                let inside = path.isEmpty ? name : path + [UInt8(ascii: "/")] + name
                let text = String(decoding: name, as: UTF8.self)
                var status = stat()
                let descriptor = directory.descriptor
                try systemCall("examine", "\(directory.path)/\(text)") {
                    fstatat(descriptor, text, &status, AT_SYMLINK_NOFOLLOW)
                }
                switch status.st_mode & S_IFMT {
                case S_IFDIR: directories.append(inside)
                case S_IFREG: try directory.open(text, O_RDONLY | O_NONBLOCK).sync()
                default: break
                }
            }
        }
        // Those below were found later.
        for path in directories.reversed() { try openBelow(root, path).sync() }
    }

    private static func openBelow(_ root: borrowing OpenFile, _ path: [UInt8]) throws(Failure) -> OpenFile {
        var file = try root.open(".", O_RDONLY | O_DIRECTORY)
        for part in path.split(separator: UInt8(ascii: "/")) {
            file = try file.open(String(decoding: part, as: UTF8.self), O_RDONLY | O_DIRECTORY)
        }
        return file
    }

    /// Gives a tree its final name. Nothing is ever replaced; both directories are on the disk afterwards.
    ///
    /// - Parameters:
    ///   - tree: A file or directory, synced.
    ///   - target: On the same file system, in a directory that is there.
    /// - Returns: Whether it is there now.
    /// - Throws: What the disk says.
    @discardableResult
    package static func place(_ tree: String, at target: String) throws(Failure) -> Placement {
        try place(tree, at: target, rename: { linux_rename_new($0, $1) })
    }

    /// The same; `rename` is `renameat2` with RENAME_NOREPLACE, which not every file system has.
    static func place(
        _ tree: String,
        at target: String,
        rename: (String, String) -> Int32
    ) throws(Failure) -> Placement {
        var result: Int32
        repeat { result = rename(tree, target) } while result < 0 && errno == EINTR
        var number = result < 0 ? errno : 0
        if number == EINVAL || number == ENOSYS || number == ENOTSUP { number = renameAfterClaim(tree, target) }
        switch number {
        case 0: break
        case EEXIST, ENOTEMPTY: return .targetExists
        case ENOENT:
            guard !exists(tree), exists(target) else { throw .system("move", tree, number) }
            // The first time may have ended before the directories were on the disk.
            try syncParents(tree, target)
            return .wasPlaced
        default: throw .system("move \(tree) to", target, number)
        }
        try syncParents(tree, target)
        return .placed
    }

    /// Takes the name with an empty directory or a second link, which never replaces anything; both then give way.
    /// The result is 0, or what `errno` says.
    private static func renameAfterClaim(_ tree: String, _ target: String) -> Int32 {
        var status = stat()
        guard lstat(tree, &status) == 0 else { return errno }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            guard link(tree, target) == 0 else { return errno }
            return unlink(tree) == 0 ? 0 : errno
        }
        // An empty directory is what an earlier attempt may have left; rename replaces only empty ones.
        guard mkdir(target, 0o700) == 0 || errno == EEXIST else { return errno }
        guard Glibc.rename(tree, target) == 0 else {
            let number = errno
            return number == ENOTDIR ? EEXIST : number
        }
        return 0
    }

    /// Renames something out of the way.
    ///
    /// - Parameters:
    ///   - path: What is to go.
    ///   - target: A name that is free.
    /// - Returns: False if there is nothing at `path`.
    /// - Throws: `conflict` if the target is not free.
    @discardableResult
    package static func moveAside(_ path: String, to target: String) throws(Failure) -> Bool {
        guard exists(path) else { return false }
        guard try place(path, at: target) != .targetExists else {
            throw Failure(.conflict, "\(path) cannot be moved to \(target): something is there already.")
        }
        return true
    }

    /// How many bytes can still be written to the file system of a path.
    package static func freeBytes(at path: String) throws(Failure) -> Int64 {
        var status = statvfs()
        try systemCall("examine", path) { statvfs(path, &status) }
        let (bytes, isTooLarge) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return isTooLarge ? Int64.max : Int64(clamping: bytes)
    }

    // MARK: Directories

    /// Waits until the names in a directory are on the disk.
    package static func syncDirectory(_ path: String) throws(Failure) {
        try OpenFile(path, O_RDONLY | O_DIRECTORY).sync()
    }

    static func parent(of path: String) -> String {
        let path = path.dropTrailingSlashes
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func syncParents(_ one: String, _ other: String) throws(Failure) {
        try syncDirectory(parent(of: other))
        if parent(of: one) != parent(of: other) { try syncDirectory(parent(of: one)) }
    }

    private static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }
}

extension String {
    fileprivate var dropTrailingSlashes: Substring {
        var path = self[...]
        while path.count > 1, path.last == "/" { path.removeLast() }
        return path
    }
}
