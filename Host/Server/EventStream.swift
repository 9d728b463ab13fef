import HTTPTypes
import HostAPI
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Writes the messages of a host's stream as server-sent events (WHATWG HTML 9.2) until the stream ends, the client
/// hangs up or the host shuts down. Reads the next message only when the one before is written, so that what a slow
/// client leaves lying about is bounded by the stream's own buffer.
struct EventStream<Message: Encodable & Sendable>: Sendable {
    let messages: AsyncThrowingStream<Message, any Error>
    /// How often a comment shows that the host lives.
    let keepAlive: Duration
    let logger: Logger
    /// The `id:` of a message.
    var number: @Sendable (Message) -> UInt64? = { _ in nil }

    private enum Step: Sendable {
        case message(ByteBuffer)
        case isToKeepAlive
        /// The end, after what is still to be written.
        case end(ByteBuffer?)
    }

    /// The answer to a request for the stream.
    func response(to request: Request) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .connection: "close"],
            body: ResponseBody { writer in
                let (hangUp, hungUp) = AsyncStream<Never>.makeStream()
                try await request.body.consumeWithInboundCloseHandler { _ in
                    try await write(to: &writer, until: hangUp)
                } onInboundClosed: {
                    hungUp.finish()
                }
                try await writer.finish(nil)
            }
        )
    }

    /// Writes until one of the ends; `hangUp` ends when the client has gone.
    @concurrent
    private func write(to writer: inout any ResponseBodyWriter, until hangUp: AsyncStream<Never>) async throws {
        try await writer.write(ByteBuffer(string: ": hearth\n\n"))
        try await withThrowingTaskGroup(of: Step.self) { group in
            defer { group.cancelAll() }
            group.addTask { await nextMessage() }
            group.addTask { try await silence() }
            group.addTask { try await shutdown() }
            group.addTask { await end(of: hangUp) }
            while let step = try await group.next() {
                switch step {
                case .message(let text):
                    try await writer.write(text)
                    group.addTask { await nextMessage() }
                case .isToKeepAlive:
                    try await writer.write(ByteBuffer(string: ": keep-alive\n\n"))
                    group.addTask { try await silence() }
                case .end(let text):
                    if let text { try await writer.write(text) }
                    return
                }
            }
        }
    }

    private func nextMessage() async -> Step {
        do {
            // All iterators of one stream take from the same buffer, and there is only one at a time.
            var iterator = messages.makeAsyncIterator()
            guard let message = try await iterator.next() else { return .end(nil) }
            return .message(try text(of: message))
        } catch {
            return .end(text(of: Failure(telling: error, logger: logger)))
        }
    }

    private func silence() async throws -> Step {
        try await Task.sleep(for: keepAlive)
        return .isToKeepAlive
    }

    private func shutdown() async throws -> Step {
        try await gracefulShutdown()
        return .end(nil)
    }

    private func end(of hangUp: AsyncStream<Never>) async -> Step {
        for await _ in hangUp {}
        return .end(nil)
    }

    private func text(of message: Message) throws(Failure) -> ByteBuffer {
        var text = ByteBuffer()
        if let number = number(message) { text.writeString("id: \(number)\n") }
        text.writeString("data: ")
        text.writeBytes(try json(message))
        text.writeString("\n\n")
        return text
    }

    private func text(of failure: Failure) -> ByteBuffer? {
        guard let json = try? json(failure) else { return nil }
        var text = ByteBuffer(string: "event: failure\ndata: ")
        text.writeBytes(json)
        text.writeString("\n\n")
        return text
    }
}
