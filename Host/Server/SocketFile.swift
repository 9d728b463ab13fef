import Glibc
import HostAPI

/// The file in which a Unix socket can be found.
struct SocketFile: Sendable {
    let path: String

    /// What `sockaddr_un` has room for beside its ending zero.
    static let maximumBytes = 107

    /// - Throws: `invalid-argument` if the path is too long for a socket.
    func check() throws(Failure) {
        let count = path.utf8.count
        guard count <= Self.maximumBytes else {
            throw Failure(
                .invalidArgument,
                "The path of the host's socket has \(count) bytes, \(Self.maximumBytes) are possible: \(path)",
                hint: "Use a root directory with a shorter path."
            )
        }
    }

    /// Makes the file 0600.
    func restrictToOwner() throws(Failure) {
        guard chmod(path, S_IRUSR | S_IWUSR) == 0 else {
            throw Failure(.internalError, "\(path) cannot be made private: \(String(cString: strerror(errno)))")
        }
    }

    /// Removes the file, if it is a socket: anything else is not ours.
    func remove() {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        unlink(path)
    }
}
