/// Something that happens once: whoever waits for it, and whoever comes later, goes on.
package final class OneTimeEvent: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    package init() {
        (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    }

    package func happen() {
        continuation.finish()
    }

    /// Returns once it has happened, or the task is cancelled.
    package func wait() async {
        for await _ in stream {}
    }
}
