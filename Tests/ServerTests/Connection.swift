import NIOCore
import NIOPosix

/// One connection to a Unix socket, on which bytes are sent and read as they are.
final class Connection {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received = ""

    private init(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// Connects, and hangs up when `body` has ended.
    static func open<Value: Sendable>(
        _ path: String,
        _ body: @concurrent (Connection) async throws -> sending Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(Connection(inbound, outbound))
        }
    }

    @concurrent
    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// Sends a GET request with these headers.
    @concurrent
    func get(_ target: String, _ headers: String...) async throws {
        let lines = ["GET \(target) HTTP/1.1", "Host: hearth"] + headers + ["", ""]
        try await send(lines.joined(separator: "\r\n"))
    }

    struct Ended: Error {
        let received: String
    }

    /// Everything up to and with `text`.
    @concurrent
    func receive(until text: String) async throws -> String {
        while true {
            // Scalars, because CR LF is one character.
            if let found = received.unicodeScalars.firstRange(of: text.unicodeScalars) {
                defer { received = String(received.unicodeScalars[found.upperBound...]) }
                return String(received.unicodeScalars[..<found.upperBound])
            }
            guard let bytes = try await inbound.next() else { throw Ended(received: received) }
            received += String(buffer: bytes)
        }
    }

    /// Everything until the other side closes.
    @concurrent
    func receiveAll() async throws -> String {
        while let bytes = try await inbound.next() { received += String(buffer: bytes) }
        return received
    }
}
