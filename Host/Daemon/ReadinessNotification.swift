import Glibc

/// What systemd wants to know of a `Type=notify` service (sd_notify(3)).
enum ReadinessNotification: String {
    case ready = "READY=1"
    case stopping = "STOPPING=1"

    /// Sends one datagram; nothing happens without a socket, which is how it is outside of systemd.
    func send(to path: String?) {
        guard let path, !path.isEmpty else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // A leading @ means the abstract name space, which is a NUL in the address.
        let bytes = Array(path.hasPrefix("@") ? "\0" + path.dropFirst() : path).flatMap { Array(String($0).utf8) }
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = rawValue.withCString { sendto(descriptor, $0, rawValue.utf8.count, 0, address, length) }
            }
        }
    }
}
