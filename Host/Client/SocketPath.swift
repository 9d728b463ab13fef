import Glibc
package import HostAPI

/// The path of a host's socket.
package struct SocketPath: Sendable, Hashable {
    package let text: String

    /// What `sockaddr_un` has room for beside its ending zero.
    package static let maximumBytes = 107

    /// - Throws: `invalid-argument` if the path is too long for a socket, is empty or holds a zero byte.
    package init(_ text: String) throws(Failure) {
        let count = text.utf8.count
        guard count <= Self.maximumBytes else {
            throw Failure(
                .invalidArgument,
                "The path of the host's socket has \(count) bytes, \(Self.maximumBytes) are possible: \(text)",
                hint: "Use a root directory with a shorter path, or a symbolic link to it."
            )
        }
        guard count > 0, !text.utf8.contains(0) else {
            throw Failure(.invalidArgument, "The path of the host's socket is empty or holds a zero byte.")
        }
        self.text = text
    }

    /// The socket of the host with that root directory.
    ///
    /// - Throws: `invalid-argument` if its path is too long for a socket.
    package init(ofRoot root: String) throws(Failure) {
        try self.init(root.hasSuffix("/") ? root + "run/hostd.sock" : root + "/run/hostd.sock")
    }

    /// Connects and hangs up.
    ///
    /// - Returns: nil if somebody accepts, else why not.
    package func probe() -> Failure? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return failure(ofConnecting: errno) }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: text.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return result == 0 ? nil : failure(ofConnecting: errno)
    }

    /// What the `errno` of a failed connect means to a user.
    func failure(ofConnecting number: Int32) -> Failure {
        switch number {
        case EACCES, EPERM:
            Failure(
                .denied,
                "Not permitted to open the host's socket \(text).",
                hint: "Be the user that hostd runs as, or root: sudo hostctl …"
            )
        case ENOENT, ENOTDIR:
            Failure(
                .unreachable,
                "No host runs there: there is no socket \(text).",
                hint: "Start it with `hostd --root DIRECTORY`, or say where it is with `--root DIRECTORY`."
            )
        case ECONNREFUSED:
            Failure(
                .unreachable,
                "No host runs there: nobody listens at \(text), a host left it behind.",
                hint: "Start it again with `hostd --root DIRECTORY`."
            )
        default:
            Failure(.unreachable, "The host's socket \(text) cannot be reached: \(String(cString: strerror(number)))")
        }
    }
}
