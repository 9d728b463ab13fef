import Glibc
import HostAPI
import Packages

/// A directory for what one run needs, which goes with it.
enum ScratchDirectory {
    /// Calls `body` with a new directory, and removes it afterwards.
    ///
    /// - Throws: What `body` throws, or that there is no place for the directory.
    static func with<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/hearth-plugin-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            let reason = String(cString: strerror(errno))
            throw Failure(.internalError, "no directory can be made in \(parent): \(reason)")
        }
        let directory = String(cString: made)
        Interruption.willRemove(directory)
        defer {
            Interruption.willRemove(nil)
            try? PackageFiles.removeTree(directory)
        }
        return try await body(directory)
    }
}
