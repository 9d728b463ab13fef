internal import NIOCore
internal import NIOPosix

/// Gives orders to a home that runs in another process.
package struct ControlClient: Sendable {
    private let path: String

    package init(path: String) {
        self.path = path
    }

    /// Sends one order and waits for its reply.
    ///
    /// - Throws: `SimulatorError.notRunning`; `SimulatorError.refused` with the home's reason.
    package func send(_ order: JSON) async throws -> JSON {
        let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
        do {
            channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(unixDomainSocketPath: path) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw SimulatorError.notRunning
        }
        let line = try await channel.executeThenClose { incoming, outgoing in
            try await outgoing.write(ByteBuffer(bytes: order.bytes + [UInt8(ascii: "\n")]))
            var line: [UInt8] = []
            for try await buffer in incoming {
                line.append(contentsOf: buffer.readableBytesView)
                if line.last == UInt8(ascii: "\n") { break }
            }
            return line
        }
        let reply = try JSON(bytes: line)
        if let reason = reply["error"]?.string { throw SimulatorError.refused(reason) }
        return reply
    }
}
