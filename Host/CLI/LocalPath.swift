import Glibc
import HostAPI

/// Paths as a user types them, for a host that has another working directory.
enum LocalPath {
    /// Whether the word means a file or directory rather than a plugin of the registry: it has a slash, or ends as
    /// packages do.
    static func isPath(_ word: String) -> Bool {
        word.contains("/") || word == "." || word == ".."
            || [".tar.gz", ".tgz", ".so"].contains { word.hasSuffix($0) }
    }

    /// The path from the root on. `.` and doubled slashes go; `..` stays, because a link may stand before it.
    static func absolute(_ path: String, from directory: String) -> String {
        let whole = path.hasPrefix("/") ? path : directory + "/" + path
        let parts = whole.split(separator: "/").filter { $0 != "." }
        return "/" + parts.joined(separator: "/")
    }

    /// Where the path's last part is.
    static func directory(of path: String) -> String {
        "/" + path.split(separator: "/").dropLast().joined(separator: "/")
    }

    /// - Throws: `internal` if the working directory has been removed.
    static func workingDirectory() throws(Failure) -> String {
        guard let path = getcwd(nil, 0) else {
            let reason = String(cString: strerror(errno))
            throw Failure(
                .internalError,
                "The working directory cannot be found: \(reason)",
                hint: "Type an absolute path, or change to another directory."
            )
        }
        defer { free(path) }
        return String(cString: path)
    }

    /// The path from the root on, seen from the working directory.
    static func absolute(_ path: String) throws(Failure) -> String {
        absolute(path, from: path.hasPrefix("/") ? "/" : try workingDirectory())
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }
}
