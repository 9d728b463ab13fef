import FoundationEssentials
import Glibc
import HostAPI
import Logging
import Server
import ServiceLifecycle
import Testing

/// A server in a directory of its own, as `hostd` runs it.
struct Serving: Sendable {
    let host: TestHost
    let socketPath: String
    private let group: ServiceGroup

    /// Runs `body` while a server listens, then shuts it down gracefully and waits for its end.
    static func run(
        patience: HTTPServer.Patience = HTTPServer.Patience(),
        prepare: (_ socketPath: String) throws -> Void = { _ in },
        _ body: @concurrent (Serving) async throws -> Void
    ) async throws {
        let directory = try #require(temporaryDirectory())
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let socketPath = directory + "/hostd.sock"
        try prepare(socketPath)
        let host = TestHost()
        let listening = AsyncStream<Void>.makeStream()
        let server = HTTPServer(
            host: host,
            socketPath: socketPath,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            patience: patience,
            whenListening: { listening.continuation.yield() }
        )
        let group = ServiceGroup(
            services: [server],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { listening.continuation.finish() }
                try await group.run()
            }
            for await _ in listening.stream { break }
            let serving = Serving(host: host, socketPath: socketPath, group: group)
            do {
                try await body(serving)
            } catch {
                await serving.shutDown()
                throw error
            }
            await serving.shutDown()
            try await tasks.waitForAll()
        }
    }

    func shutDown() async {
        await group.triggerGracefulShutdown()
    }

    /// The permission bits of the socket file; nil if it is not there or not a socket.
    var socketMode: UInt32? {
        var status = stat()
        guard lstat(socketPath, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
        return status.st_mode & 0o777
    }

    /// Sends a request on a connection of its own and reads the answer.
    func ask(
        _ method: String,
        _ target: String,
        headers: [String] = [],
        body: String? = nil
    ) async throws -> Answer {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: hearth", "Connection: close"] + headers
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        if body != nil, !headers.contains(where: { $0.hasPrefix("Content-Type") }) {
            lines.append("Content-Type: application/json; charset=utf-8")
        }
        let request = (lines + ["", body ?? ""]).joined(separator: "\r\n")
        return try await Connection.open(socketPath) { connection in
            try await connection.send(request)
            return Answer(try await connection.receiveAll())
        }
    }

    func get(_ target: String) async throws -> Answer {
        try await ask("GET", target)
    }
}

/// An HTTP answer.
struct Answer: Sendable {
    let status: Int
    let head: String
    let body: String

    init(_ text: String) {
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
        head = parts.first.map { String($0) } ?? ""
        body = parts.count == 2 ? String(parts[1]) : ""
        status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }

    func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(body.utf8))
    }

    /// The failure in the body, if status and code belong together.
    func failure() throws -> Failure {
        let failure: Failure = try decoded()
        #expect(failure.code.httpStatus == status)
        return failure
    }
}

private func temporaryDirectory() -> String? {
    var template = Array("/tmp/hearth-server-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
