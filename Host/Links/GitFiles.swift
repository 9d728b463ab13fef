internal import CLinux
internal import Glibc

/// Why a repository cannot be read.
struct GitProblem: Error {
    var reason: String
}

/// The files of one reading of a repository, and what the file system said of each.
struct GitFiles {
    /// What the file system says of a file, without reading it.
    struct Stamp: Equatable {
        let device: dev_t
        let inode: ino_t
        let kind: mode_t
        let size: off_t
        let modified: [Int]
        let changed: [Int]

        init(_ status: stat) {
            device = status.st_dev
            inode = status.st_ino
            kind = status.st_mode & S_IFMT
            // A directory counts as the same whatever is made in it.
            let isDirectory = kind == S_IFDIR
            size = isDirectory ? 0 : status.st_size
            modified = isDirectory ? [] : [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
            changed = isDirectory ? [] : [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
        }
    }

    private struct Source {
        var path: String
        /// Nil: it was not there.
        var stamp: Stamp?
    }

    private var sources: [Source] = []
    /// A file was written so shortly before it was read that another change would not show in its times.
    private var isFresh = false
    /// How many files were opened.
    private(set) var reads = 0

    /// Whether everything is as it was when it was read: a few calls of stat.
    func isCurrent() -> Bool {
        !isFresh && sources.allSatisfy { Self.stamp($0.path) == $0.stamp }
    }

    /// What is at `path`.
    mutating func stamp(of path: String) -> Stamp? {
        let stamp = Self.stamp(path)
        sources.append(Source(path: path, stamp: stamp))
        return stamp
    }

    /// The text of a file.
    ///
    /// - Parameters:
    ///   - path: Of a regular file.
    ///   - limit: A larger one is not read.
    /// - Returns: nil if it is not there.
    /// - Throws: If it cannot be read.
    mutating func bytes(_ path: String, limit: Int = 1 << 16) throws(GitProblem) -> [UInt8]? {
        guard let stamp = stamp(of: path), stamp.kind != S_IFDIR else { return nil }
        guard stamp.kind == S_IFREG else { throw GitProblem(reason: "\(path) is not a regular file") }
        guard stamp.size <= limit else { throw GitProblem(reason: "\(path) is larger than \(limit) bytes") }
        if Self.isFresh(stamp) { isFresh = true }
        reads += 1
        guard let file = fopen(path, "re") else {
            if errno == ENOENT { return nil }
            throw GitProblem(reason: "\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: Int(stamp.size) + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else { throw GitProblem(reason: "\(path) cannot be read") }
        return Array(bytes.prefix(count))
    }

    /// The text of a file that has one line.
    mutating func line(_ path: String) throws(GitProblem) -> String? {
        guard let bytes = try bytes(path) else { return nil }
        let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        return String(decoding: line, as: UTF8.self)
    }

    private static func stamp(_ path: String) -> Stamp? {
        var status = stat()
        return stat(path, &status) == 0 ? Stamp(status) : nil
    }

    private static func isFresh(_ stamp: Stamp) -> Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return (stamp.modified.first ?? 0) >= now.tv_sec - 1
    }
}
