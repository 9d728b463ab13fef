internal import CLinux
internal import Glibc
internal import Manifests

/// What the file system says of an entry and everything in it, without reading a file: equal stamps mean that there is
/// nothing to look at. It holds for this run of the host only.
///
/// Of a large entry only so many files go into it, those near its top first.
struct CopyStamp: Equatable {
    private let value: Int

    /// Nil if the entry is not there.
    init?(_ path: String, limit: Int, stop: StopFlag) {
        var hasher = Hasher()
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let reach = EntryReach(of: path)
        if reach == .whole { Self.add(status, to: &hasher) } else { Self.addPlace(status, to: &hasher) }
        if status.st_mode & S_IFMT == S_IFDIR {
            // The manifest first, however many files there are beside it.
            if lstat("\(path)/\(PackageDirectory.manifestName)", &status) == 0 { Self.add(status, to: &hasher) }
            if reach == .whole { Self.addTree(path, limit, stop, to: &hasher) }
        }
        value = hasher.finalize()
    }

    private static func addTree(_ path: String, _ limit: Int, _ stop: StopFlag, to hasher: inout Hasher) {
        var directories = [path]
        var next = 0
        var left = limit
        while next < directories.count, left > 0, !stop.isStopped {
            let directory = directories[next]
            next += 1
            for name in DirectoryListing.names(in: directory, limit: left) ?? [] {
                left -= 1
                var status = stat()
                guard lstat("\(directory)/\(name)", &status) == 0 else { continue }
                hasher.combine(name)
                add(status, to: &hasher)
                if status.st_mode & S_IFMT == S_IFDIR { directories.append("\(directory)/\(name)") }
            }
        }
    }

    /// Which directory it is, whatever goes on in there.
    private static func addPlace(_ status: stat, to hasher: inout Hasher) {
        hasher.combine(status.st_dev)
        hasher.combine(status.st_ino)
    }

    private static func add(_ status: stat, to hasher: inout Hasher) {
        addPlace(status, to: &hasher)
        hasher.combine(status.st_mode)
        hasher.combine(status.st_size)
        for time in [status.st_mtim, status.st_ctim] {
            hasher.combine(time.tv_sec)
            hasher.combine(time.tv_nsec)
        }
    }
}
