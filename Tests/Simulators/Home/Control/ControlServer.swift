internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Takes orders for a running home over a Unix socket: one JSON object a line in, one a line out.
///
/// A request has `command` and what it needs; the reply is what was asked for, or `{"error": "…"}`.
package struct ControlServer: Sendable {
    private let home: SimulatedHome
    private let path: String

    package init(home: SimulatedHome, path: String) {
        self.home = home
        self.path = path
    }

    /// Where `homesim` listens and looks when nobody says otherwise: one home for each user.
    package static var usualPath: String {
        if let path = getenv("HOMESIM_CONTROL") { return String(cString: path) }
        let directory = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) } ?? "/tmp"
        return "\(directory)/homesim-\(getuid()).sock"
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter whenReady: Called once the socket takes orders.
    /// - Throws: `SimulatorError` when the socket belongs to another home that runs.
    package func run(whenReady: @Sendable () -> Void) async throws {
        if (try? await ControlClient(path: path).send(["command": "list"])) != nil {
            throw SimulatorError.controlIsTaken(path)
        }
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        chmod(path, 0o600)
        defer { unlink(path) }
        whenReady()
        try await withThrowingDiscardingTaskGroup { group in
            try await server.executeThenClose { connections in
                for try await connection in connections {
                    // A client that hangs up early ends its own conversation only.
                    group.addTask { try? await converse(connection) }
                }
            }
        }
    }

    private func converse(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async throws {
        try await connection.executeThenClose { incoming, outgoing in
            var unread: [UInt8] = []
            for try await buffer in incoming {
                unread.append(contentsOf: buffer.readableBytesView)
                while let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                    let reply = await reply(to: Array(unread[..<end]))
                    unread.removeSubrange(...end)
                    try await outgoing.write(ByteBuffer(bytes: reply.bytes + [UInt8(ascii: "\n")]))
                }
                guard unread.count <= 64 * 1024 else { return }
            }
        }
    }

    private func reply(to line: [UInt8]) async -> JSON {
        do {
            return try await home.carryOut(try JSON(bytes: line))
        } catch {
            return ["error": .string("\(error)")]
        }
    }
}
