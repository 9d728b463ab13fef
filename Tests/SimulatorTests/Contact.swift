import Dispatch
import Glibc
import HomeSimulator

/// What a client on a plain socket sees of a device.
struct Contact: Sendable {
    enum Connection: Sendable {
        case made
        case refused
        /// Nobody answers.
        case unanswered
    }

    enum End: Sendable {
        /// As many replies came as were asked for; the connection is open.
        case open
        /// Nothing more came for as long as the client was patient.
        case quiet
        case closed
        case reset
    }

    var connection = Connection.made
    var received: [UInt8] = []
    var reads = 0
    var end = End.open

    /// The first reply, if a whole frame with JSON in it came.
    var reply: JSON? {
        guard let text = Self.frames(in: received).first else { return nil }
        return try? JSON(bytes: text)
    }

    /// Every reply that is JSON.
    var replies: [JSON] { Self.frames(in: received).compactMap { try? JSON(bytes: $0) } }

    /// Connects, sends requests one after the other, and reads a reply after each. It waits so many milliseconds for
    /// the connection, and for each reply.
    static func make(
        _ address: IPv4Address,
        port: Int,
        requests: [[UInt8]],
        patience milliseconds: Int = 2_000
    ) async -> Contact {
        await withCheckedContinuation { continuation in
            // Blocking calls belong to no thread that others wait for.
            DispatchQueue.global().async {
                continuation.resume(returning: makeBlocking(address, port, requests, milliseconds))
            }
        }
    }

    private static func makeBlocking(
        _ address: IPv4Address,
        _ port: Int,
        _ requests: [[UInt8]],
        _ milliseconds: Int
    ) -> Contact {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var patience = timeval(tv_sec: milliseconds / 1_000, tv_usec: milliseconds % 1_000 * 1_000)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        var contact = Contact()
        guard connect(descriptor, to: address, port) == 0 else {
            contact.connection = errno == ECONNREFUSED ? .refused : .unanswered
            return contact
        }
        for (index, request) in requests.enumerated() {
            send(descriptor, request, request.count, CInt(MSG_NOSIGNAL))
            contact.read(descriptor, untilFrames: index + 1)
            guard contact.end == .open else { break }
        }
        return contact
    }

    private mutating func read(_ descriptor: CInt, untilFrames count: Int) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while Self.frames(in: received).count < count {
            let size = recv(descriptor, &buffer, buffer.count, 0)
            guard size > 0 else {
                end = size == 0 ? .closed : errno == ECONNRESET ? .reset : .quiet
                return
            }
            reads += 1
            received.append(contentsOf: buffer[0..<size])
        }
    }

    /// The decrypted texts of all whole frames.
    private static func frames(in bytes: [UInt8]) -> [[UInt8]] {
        var frames: [[UInt8]] = []
        var rest = bytes[...]
        while rest.count >= 4 {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard rest.count >= 4 + length else { break }
            frames.append(KasaCipher.decrypt(rest.dropFirst(4).prefix(length)))
            rest = rest.dropFirst(4 + length)
        }
        return frames
    }
}

/// Asks over UDP and collects the answers, with the addresses that they come from, until there are enough or none
/// comes any more.
func datagrams(
    to address: IPv4Address,
    port: Int,
    request: [UInt8],
    enough: Int,
    patience milliseconds: Int = 2_000
) async -> [(sender: String, reply: JSON)] {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
            let descriptor = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
            defer { close(descriptor) }
            var patience = timeval(tv_sec: milliseconds / 1_000, tv_usec: milliseconds % 1_000 * 1_000)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            send(descriptor, request, to: address, port)
            var answers: [(String, JSON)] = []
            while answers.count < enough, let (bytes, sender) = receive(descriptor) {
                if let reply = try? JSON(bytes: KasaCipher.decrypt(bytes)) { answers.append((sender, reply)) }
            }
            continuation.resume(returning: answers)
        }
    }
}

private func connect(_ descriptor: CInt, to address: IPv4Address, _ port: Int) -> CInt {
    withSocketAddress(address, port) { connect(descriptor, $0, $1) }
}

private func send(_ descriptor: CInt, _ bytes: [UInt8], to address: IPv4Address, _ port: Int) {
    _ = withSocketAddress(address, port) { sendto(descriptor, bytes, bytes.count, 0, $0, $1) }
}

private func receive(_ descriptor: CInt) -> (bytes: [UInt8], sender: String)? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var sender = [UInt8](repeating: 0, count: 16)
    var length = socklen_t(sender.count)
    let size = sender.withUnsafeMutableBytes { bytes in
        recvfrom(
            descriptor,
            &buffer,
            buffer.count,
            0,
            bytes.assumingMemoryBound(to: sockaddr.self).baseAddress,
            &length
        )
    }
    guard size > 0 else { return nil }
    // A sockaddr_in: family, port, then the address in network order.
    return (Array(buffer[0..<size]), sender[4..<8].map { String($0) }.joined(separator: "."))
}

/// The bytes of a sockaddr_in.
private func withSocketAddress<Result>(
    _ address: IPv4Address,
    _ port: Int,
    _ body: (UnsafePointer<sockaddr>?, socklen_t) -> Result
) -> Result {
    var bytes = [UInt8](repeating: 0, count: 16)
    withUnsafeBytes(of: sa_family_t(AF_INET)) { bytes.replaceSubrange(0..<2, with: $0) }
    withUnsafeBytes(of: UInt16(port).bigEndian) { bytes.replaceSubrange(2..<4, with: $0) }
    withUnsafeBytes(of: address.value.bigEndian) { bytes.replaceSubrange(4..<8, with: $0) }
    return bytes.withUnsafeBytes { body($0.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t($0.count)) }
}
