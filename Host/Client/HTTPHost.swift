import FoundationEssentials
import HostAPI

/// The host, asked over its Unix socket: `docs/api.md`. A value: each request has a connection of its own.
package struct HTTPHost: Sendable {
    package let socketPath: SocketPath
    private let trace: @Sendable (String) -> Void

    /// Makes no connection yet.
    ///
    /// - Parameters:
    ///   - socketPath: where the host listens.
    ///   - trace: gets one line for each answer: the request, its status, how long it took.
    package init(socketPath: SocketPath, trace: @escaping @Sendable (String) -> Void = { _ in }) {
        self.socketPath = socketPath
        self.trace = trace
    }

    /// Sends the request and reads the whole answer.
    func answer<Value: Decodable>(_ request: Request) async throws(Failure) -> Value {
        let (exchange, status) = try await send(request)
        let body = try await body(of: exchange)
        guard status == 200 else { throw Self.failure(status: status, body: body, request: request) }
        return try Self.decode(body, from: request)
    }

    /// Sends the request and reads the answer as server-sent events, each of them one `Value`.
    func stream<Value: Decodable & Sendable>(
        _ request: Request
    ) async throws(Failure) -> AsyncThrowingStream<Value, any Error> {
        var request = request
        // The host sends a comment every 15 s.
        request.patience = .silence(.seconds(45))
        let (exchange, status) = try await send(request)
        guard status == 200 else {
            let body = try await body(of: exchange)
            throw Self.failure(status: status, body: body, request: request)
        }
        let reader = MessageReader<Value>(exchange: exchange, request: request)
        return AsyncThrowingStream { try await reader.next() }
    }

    private func send(_ request: Request) async throws(Failure) -> (Exchange, status: Int) {
        let start = ContinuousClock.now
        let exchange = Transfer.start(request, socketPath: socketPath)
        do {
            let status = try await exchange.status()
            let milliseconds = (ContinuousClock.now - start).milliseconds
            trace("\(request.name) \(status) \(milliseconds) ms")
            return (exchange, status)
        } catch {
            trace("\(request.name) \(error.message)")
            throw error
        }
    }

    private func body(of exchange: Exchange) async throws(Failure) -> [UInt8] {
        var body: [UInt8] = []
        while let bytes = try await exchange.bytes() { body += bytes }
        return body
    }

    static func encode(_ value: some Encodable) throws(Failure) -> [UInt8] {
        do {
            return Array(try JSONEncoder().encode(value))
        } catch {
            throw Failure(.invalidArgument, "This cannot be written as JSON: \(error)")
        }
    }

    static func decode<Value: Decodable>(_ bytes: [UInt8], from request: Request) throws(Failure) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(bytes))
        } catch {
            throw Failure(
                .internalError,
                "hostd's answer to \(request.name) cannot be read: \(error)",
                hint: "`hostctl version` and `hostctl status` show whether the two versions fit."
            )
        }
    }

    static func failure(status: Int, body: [UInt8], request: Request) -> Failure {
        if let failure = try? JSONDecoder().decode(Failure.self, from: Data(body)) { return failure }
        return Failure(
            .internalError,
            "hostd answered \(request.name) with status \(status) and no reason."
        )
    }
}
