import Glibc

/// A TCP connection.
///
/// One task may read while another one writes. When a task is cancelled during a call, or a deadline passes in the
/// middle of a message, the connection is of no more use; a cancellation closes it. It closes by itself when the last
/// reference goes.
///
///     let plug = try await TCPConnection.connect(to: "192.168.1.20", port: 9999, within: .seconds(2))
///     try await plug.write(request, within: .seconds(2))
///     let header = try await plug.read(exactly: 4, within: .seconds(5))
public final class TCPConnection: Sendable {
    private let socket: Socket

    /// Whom it is connected to.
    public let peer: SocketAddress

    private init(socket: Socket, peer: SocketAddress) {
        self.socket = socket
        self.peer = peer
    }

    deinit { socket.close() }

    /// Connects to `host`, a name or an address.
    ///
    /// If a name has several addresses they are tried one after another, each with its share of the time.
    /// Small messages are sent at once (`TCP_NODELAY`).
    /// - Throws: ``SocketError``, of the address that was tried last.
    public static func connect(
        to host: String,
        port: UInt16,
        within time: Duration
    ) async throws(SocketError) -> TCPConnection {
        let deadline = Deadline.after(time)
        let addresses = try await Resolver.shared.addresses(of: host, port: port, until: deadline)
        var failure = SocketError.nameNotResolved(name: host, reason: "no address")
        for (index, address) in addresses.enumerated() {
            do throws(SocketError) {
                return try await connect(to: address, until: deadline.share(of: addresses.count - index))
            } catch {
                if Task.isCancelled { throw error }
                failure = error
            }
        }
        throw failure
    }

    /// Connects to `address`.
    public static func connect(
        to address: SocketAddress,
        within time: Duration
    ) async throws(SocketError) -> TCPConnection {
        try await connect(to: address, until: .after(time))
    }

    /// Reads `count` bytes.
    /// - Throws: ``SocketError/ended(peer:missing:)`` if the peer ends the connection before.
    public func read(exactly count: Int, within time: Duration) async throws(SocketError) -> [UInt8] {
        let deadline = Deadline.after(time)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(count, 65_536))
        while bytes.count < count {
            let some = try await read(atMost: min(count - bytes.count, 65_536), until: deadline)
            guard !some.isEmpty else { throw .ended(peer: socket.peer, missing: count - bytes.count) }
            bytes += some
        }
        return bytes
    }

    /// Reads what comes next, at least one byte and at most `limit`. Empty: the peer ended the connection.
    public func read(atMost limit: Int, within time: Duration) async throws(SocketError) -> [UInt8] {
        try await read(atMost: limit, until: .after(time))
    }

    /// Writes all of `bytes`.
    public func write(_ bytes: [UInt8], within time: Duration) async throws(SocketError) {
        let deadline = Deadline.after(time)
        var written = 0
        while written < bytes.count {
            written += try await socket.perform(.output, until: deadline, doing: "sending") { descriptor in
                bytes[written...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            }
        }
    }

    /// Ends the connection, and whatever waits for it.
    public func close() { socket.close() }

    private func read(atMost limit: Int, until deadline: Deadline) async throws(SocketError) -> [UInt8] {
        var bytes: [UInt8] = []
        _ = try await socket.perform(.input, until: deadline, doing: "waiting for data") { descriptor in
            withUnsafeTemporaryAllocation(byteCount: limit, alignment: 1) { buffer in
                let result = recv(descriptor, buffer.baseAddress, limit, 0)
                bytes = Array(buffer.prefix(max(result, 0)))
                return result
            }
        }
        return bytes
    }

    private static func connect(
        to address: SocketAddress,
        until deadline: Deadline
    ) async throws(SocketError) -> TCPConnection {
        let socket = try Socket(family: address.family, type: SOCK_STREAM, peer: address.description)
        do throws(SocketError) {
            let code = try socket.withDescriptor { descriptor in
                var yes: Int32 = 1
                setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
                return address.withSocketAddress { Glibc.connect(descriptor, $0, $1) } == 0 ? 0 : errno
            }
            guard code == 0 || code == EINPROGRESS else {
                throw SocketError(code, doing: "connecting", peer: socket.peer)
            }
            socket.activate()
            try await finish(socket, until: deadline)
        } catch {
            socket.close()
            throw error
        }
        return TCPConnection(socket: socket, peer: address)
    }

    /// Waits until the system knows whether the connection stands.
    private static func finish(_ socket: Socket, until deadline: Deadline) async throws(SocketError) {
        _ = try await socket.perform(.output, until: deadline, doing: "connecting") { descriptor in
            var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            if poll(&state, 1, 0) == 0 {
                errno = EAGAIN
                return -1
            }
            var code: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
            errno = code
            return code == 0 ? 0 : -1
        }
    }
}
