internal import Glibc

/// What is in a directory.
enum DirectoryListing {
    /// The names, sorted.
    ///
    /// - Parameters:
    ///   - path: The directory's.
    ///   - limit: How many are read at most; which ones, the file system decides.
    /// - Returns: nil with `errno` if the directory cannot be read to its end.
    static func names(in path: String, limit: Int = .max) -> [String]? {
        read(path, limit: limit)?.map(\.name).sorted()
    }

    /// What may be a directory in it, sorted by name, as far as it can be told without looking at each; and how many
    /// names were read. Nothing if it cannot be read.
    static func candidates(in path: String, withLinks: Bool, limit: Int) -> (names: [String], read: Int) {
        let entries = read(path, limit: limit) ?? []
        let kinds = [DT_DIR, DT_UNKNOWN] + (withLinks ? [DT_LNK] : [])
        let names = entries.filter { entry in kinds.contains { $0 == Int(entry.kind) } }.map(\.name)
        return (names.sorted(), entries.count)
    }

    private static func read(_ path: String, limit: Int) -> [(name: String, kind: UInt8)]? {
        guard let handle = opendir(path) else { return nil }
        defer { closedir(handle) }
        var entries: [(name: String, kind: UInt8)] = []
        errno = 0
        while entries.count < limit, let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { entries.append((name, entry.pointee.d_type)) }
            errno = 0
        }
        return errno == 0 ? entries : nil
    }
}
