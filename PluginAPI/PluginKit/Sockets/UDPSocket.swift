import Glibc

/// A UDP socket, for discovery by broadcast and for devices that speak datagrams.
///
/// One task may receive while another one sends. A task that is cancelled while it waits closes the socket.
public final class UDPSocket: Sendable {
    /// What came, and from where.
    public struct Datagram: Hashable, Sendable {
        public let bytes: [UInt8]
        public let sender: SocketAddress
    }

    private let socket: Socket

    /// The address and port that it is bound to.
    public let address: SocketAddress

    /// Opens a socket.
    /// - Parameters:
    ///   - address: where it receives; all interfaces and any free port unless said otherwise.
    ///   - broadcast: whether it may send to broadcast addresses.
    ///   - sharesPort: whether other programs may have the same port, as multicast listeners do.
    /// - Throws: ``SocketError/portTaken(port:)`` or another ``SocketError``.
    public init(
        at address: SocketAddress? = SocketAddress(ip: "0.0.0.0", port: 0),
        broadcast: Bool = false,
        sharesPort: Bool = false
    ) throws(SocketError) {
        guard let address else { throw .system(doing: "opening a socket", code: EINVAL, reason: "no address") }
        socket = try Socket(family: address.family, type: SOCK_DGRAM, peer: "UDP \(address)")
        let (code, bound) = try socket.withDescriptor { descriptor in
            var yes: Int32 = 1
            let size = socklen_t(MemoryLayout<Int32>.size)
            if broadcast { setsockopt(descriptor, SOL_SOCKET, SO_BROADCAST, &yes, size) }
            if sharesPort { setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size) }
            guard address.withSocketAddress({ bind(descriptor, $0, $1) }) == 0 else { return (errno, address) }
            return (0, SocketAddress.reading { Int(getsockname(descriptor, $0, $1)) }.address ?? address)
        }
        self.address = bound
        guard code != EADDRINUSE else { throw .portTaken(port: address.port) }
        guard code == 0 else { throw SocketError(code, doing: "binding a socket", peer: socket.peer) }
        socket.activate()
    }

    deinit { socket.close() }

    /// Sends one datagram.
    public func send(_ bytes: [UInt8], to address: SocketAddress) async throws(SocketError) {
        _ = try await socket.perform(.output, until: .after(.seconds(5)), doing: "sending to \(address)") {
            descriptor in
            address.withSocketAddress { destination, size in
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), destination, size)
            }
        }
    }

    /// Waits for the next datagram.
    /// - Throws: ``SocketError/timedOut(peer:waitingFor:)`` if none comes in time; the socket stays usable.
    public func receive(within time: Duration) async throws(SocketError) -> Datagram {
        while true {
            var bytes: [UInt8] = []
            var sender: SocketAddress?
            _ = try await socket.perform(.input, until: .after(time), doing: "waiting for a datagram") { descriptor in
                withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
                    let (result, address) = SocketAddress.reading {
                        recvfrom(descriptor, buffer.baseAddress, buffer.count, 0, $0, $1)
                    }
                    bytes = Array(buffer.prefix(max(result, 0)))
                    sender = address
                    return result
                }
            }
            if let sender { return Datagram(bytes: bytes, sender: sender) }
        }
    }

    /// Closes the socket, and ends whatever waits for it.
    public func close() { socket.close() }
}
