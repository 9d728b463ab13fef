import HostAPI

/// Reads the messages of one event stream. The transfer ends with the stream, or when nobody holds the reader any more.
actor MessageReader<Message: Decodable & Sendable> {
    private let exchange: Exchange
    private let request: Request
    private var parser = ServerSentEventParser()
    private var waiting: ArraySlice<ServerSentEvent> = []

    init(exchange: Exchange, request: Request) {
        self.exchange = exchange
        self.request = request
    }

    deinit {
        exchange.cancel()
    }

    /// The next message; nil when the host has closed the stream or the task is cancelled.
    func next() async throws(Failure) -> Message? {
        while true {
            if let event = waiting.popFirst() {
                let bytes = Array(event.data.utf8)
                guard event.name != "failure" else { throw try HTTPHost.decode(bytes, from: request) as Failure }
                return try HTTPHost.decode(bytes, from: request)
            }
            do {
                guard let bytes = try await exchange.bytes() else { return nil }
                waiting += parser.parse(bytes)
            } catch {
                guard error.code == .cancelled else { throw error }
                return nil
            }
        }
    }
}
