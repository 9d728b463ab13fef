import HostAPI

extension Failure {
    /// A stream ends because its reader did not keep up: better than a gap that nobody notices.
    static let fellBehind = Failure(
        .busy,
        "the reader of this stream was too slow, and what came meanwhile is lost",
        hint: "start it again; events can be resumed after the last number"
    )
}

extension AsyncThrowingStream.Continuation.YieldResult {
    /// The stream's buffer was full.
    var isDropped: Bool {
        if case .dropped = self { true } else { false }
    }
}
