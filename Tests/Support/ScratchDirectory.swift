import Glibc

/// A directory of one test, with a short path: a socket's path has at most 107 bytes.
///
/// It is removed at the end unless `KEEP_SCRATCH` is set in the environment.
package struct ScratchDirectory: Sendable {
    package let path: String

    /// Makes one; its path shows the beginning of the name.
    package init(named name: String) throws {
        let short = name.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.prefix(32)
        var template = Array("/tmp/hearth-\(short)-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw SystemFailure("make a scratch directory") }
        path = String(cString: made)
    }

    /// Makes a directory in it, and those above.
    ///
    /// - Returns: Its path.
    @discardableResult
    package func makeDirectory(_ relative: String) throws -> String {
        var partial = path
        for part in relative.split(separator: "/") {
            partial += "/\(part)"
            guard mkdir(partial, 0o755) == 0 || errno == EEXIST else { throw SystemFailure("make \(partial)") }
        }
        return partial
    }

    package func remove() {
        guard getenv("KEEP_SCRATCH") == nil else { return }
        Self.removeTree(path)
    }

    private static func removeTree(_ path: String) {
        if let directory = opendir(path) {
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = DirectoryEntry.name(entry)
                guard name != ".", name != ".." else { continue }
                let inside = "\(path)/\(name)"
                if entry.pointee.d_type == DT_DIR { removeTree(inside) } else { unlink(inside) }
            }
        }
        rmdir(path)
    }
}

/// What `readdir` yields.
enum DirectoryEntry {
    static func name(_ entry: UnsafeMutablePointer<dirent>) -> String {
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
    }
}
