import CLinux
import Glibc
import HostAPI

/// What lies in a package directory, as it is at one moment.
///
/// Left out: names that begin with a dot (version control, build directories of Swift, leftovers of editors) and a
/// directory `target` at the top, where Rust builds.
struct PackageTree: Equatable {
    struct Entry: Equatable {
        var name: EntryName
        var isDirectory: Bool
        var isExecutable: Bool
        var size: Int64
        var identity: Identity
    }

    /// Tells whether a file is still the one that was seen. A directory is the same with other things in it: those
    /// that matter are in the list themselves.
    struct Identity: Equatable {
        private var device: UInt
        private var inode: UInt
        private var size: Int
        private var times: [Int]

        init(_ status: stat) {
            device = UInt(status.st_dev)
            inode = UInt(status.st_ino)
            guard status.st_mode & S_IFMT == S_IFREG else {
                size = 0
                times = []
                return
            }
            size = Int(status.st_size)
            times = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
        }
    }

    /// Sorted by their paths, byte by byte: a directory is before what is in it.
    private(set) var entries: [Entry] = []

    var files: [Entry] { entries.filter { !$0.isDirectory } }

    /// Lists a directory, and refuses what no package may hold.
    init(_ root: borrowing OpenFile, limits: PackageLimits, isCancelled: () -> Bool) throws(PackageRefusal) {
        var waiting: [EntryName?] = [nil]
        var byteCount: Int64 = 0
        while let directory = waiting.popLast() {
            for name in try Self.names(in: directory, of: root) {
                if isCancelled() { throw .failed(.cancelledPackage) }
                guard name.first != UInt8(ascii: ".") else { continue }
                let path = (directory?.path.utf8).map { Array($0) + [UInt8(ascii: "/")] } ?? []
                guard let entry = try Self.examine(path + name, of: root) else { continue }
                if directory == nil, entry.isDirectory, entry.name.parts == ["target"] { continue }
                entries.append(entry)
                byteCount += entry.size
                guard entries.count <= limits.entries else {
                    throw .whole("holds more than \(limits.entries) files and directories; it is not a package")
                }
                guard byteCount <= limits.bytes else {
                    throw .whole("holds more than \(limits.bytes >> 20) MiB; it is not a package")
                }
                if entry.isDirectory { waiting.append(entry.name) }
            }
        }
        entries.sort { $0.name.path.utf8.lexicographicallyPrecedes($1.name.path.utf8) }
    }

    /// The first entry that is not the same, or not there, in one of them.
    func difference(from other: PackageTree) -> EntryName? {
        if let (one, _) = zip(entries, other.entries).first(where: { $0 != $1 }) { return one.name }
        let longer = entries.count > other.entries.count ? entries : other.entries
        return longer.dropFirst(min(entries.count, other.entries.count)).first?.name
    }

    /// Opens what is called so below `root`, without following any link.
    static func open(
        _ name: EntryName,
        below root: borrowing OpenFile,
        _ flags: Int32
    ) throws(Failure) -> OpenFile {
        var file = try root.open(name.parts[0], name.parts.count > 1 ? O_RDONLY | O_DIRECTORY : flags)
        for (index, part) in name.parts.enumerated().dropFirst() {
            file = try file.open(part, index == name.parts.count - 1 ? flags : O_RDONLY | O_DIRECTORY)
        }
        return file
    }

    private static func examine(_ path: [UInt8], of root: borrowing OpenFile) throws(PackageRefusal) -> Entry? {
        guard let name = try EntryName.parse(path, isDirectory: false) else { return nil }
        var status = stat()
        let descriptor = root.descriptor
        _ = try onDisk { () throws(Failure) in
            // What is examined is opened without following links later, and compared then.
            try systemCall("examine", "\(root.path)/\(name.path)") {
                fstatat(descriptor, name.path, &status, AT_SYMLINK_NOFOLLOW)
            }
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG, S_IFDIR: break
        case S_IFLNK: throw .entry(path, "is a symbolic link; put a copy of the file in its place")
        case S_IFIFO: throw .entry(path, "is a named pipe; a package holds only files and directories")
        case S_IFSOCK: throw .entry(path, "is a socket; a package holds only files and directories")
        default: throw .entry(path, "is a device; a package holds only files and directories")
        }
        guard status.st_mode & 0o7000 == 0 else {
            throw .entry(path, "has the setuid, setgid or sticky bit; clear it with `chmod u-s,g-s,-t`")
        }
        return Entry(
            name: name,
            isDirectory: status.st_mode & S_IFMT == S_IFDIR,
            isExecutable: status.st_mode & S_IXUSR != 0,
            size: status.st_mode & S_IFMT == S_IFDIR ? 0 : Int64(status.st_size),
            identity: Identity(status)
        )
    }

    private static func names(
        in directory: EntryName?,
        of root: borrowing OpenFile
    ) throws(PackageRefusal) -> [[UInt8]] {
        do throws(Failure) {
            guard let directory else { return try DirectoryListing.names(try root.open(".", O_RDONLY | O_DIRECTORY)) }
            return try DirectoryListing.names(try open(directory, below: root, O_RDONLY | O_DIRECTORY))
        } catch {
            throw .failed(error)
        }
    }
}

/// The names in an open directory.
enum DirectoryListing {
    /// All names but `.` and `..`, in no order, as they are on the disk.
    static func names(_ directory: borrowing OpenFile) throws(Failure) -> [[UInt8]] {
        let path = directory.path
        let descriptor = directory.descriptor
        // The stream closes its descriptor; and one of its own begins at the beginning.
        let own = try systemCall("list", path) { openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard let stream = fdopendir(own) else {
            let number = errno
            close(own)
            throw .system("list", path, number)
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw .system("list", path, errno) }
                return names
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
        }
    }
}

extension Failure {
    /// Whoever asked for the package does not want it any more.
    static let cancelledPackage = Failure(.cancelled, "The work on the package was stopped.")
}
