import Glibc
import HostAPI
import Logging
import Server
import Testing

/// The socket, and the beginning and the end of serving.
@Suite(.timeLimit(.minutes(1)))
struct LifeTests {
    @Test
    func keepsTheSocketToItsOwner() async throws {
        try await Serving.run { serving in
            #expect(serving.socketMode == 0o600)
        }
    }

    @Test
    func replacesASocketThatWasLeftBehind() async throws {
        try await Serving.run { path in
            // Bound and closed: what a killed host leaves behind.
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let bound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            try #require(bound == 0)
        } _: { serving in
            #expect(serving.socketMode == 0o600)
            let answer = try await serving.get("/v1/status")
            #expect(answer.status == 200)
        }
    }

    @Test
    func leavesAFileThatIsNoSocketAlone() async throws {
        try await withFile { path in
            await #expect(throws: Failure.self) { try await server(at: path).run() }
            var status = stat()
            #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG)
        }
    }

    @Test
    func refusesAPathThatIsTooLongForASocket() async throws {
        let path = "/tmp/" + String(repeating: "a", count: 103)
        let failure = await #expect(throws: Failure.self) { try await server(at: path).run() }
        #expect(failure?.code == .invalidArgument)
        #expect(failure?.message.contains("108 bytes") == true)
    }

    @Test
    func saysWhereItCannotListen() async throws {
        let path = "/tmp/hearth-no-such-directory/hostd.sock"
        let failure = await #expect(throws: Failure.self) { try await server(at: path).run() }
        #expect(failure?.message.contains(path) == true)
    }

    @Test
    func removesTheSocketAtTheEnd() async throws {
        let kept = AsyncStream<Serving>.makeStream()
        try await Serving.run { serving in
            try #require(serving.socketMode != nil)
            kept.continuation.yield(serving)
        }
        let serving = try #require(await kept.stream.first { _ in true })
        #expect(serving.socketMode == nil)
    }

    @Test
    func endsOpenStreamsAtAShutdown() async throws {
        // With this patience only a stream that ends by itself lets the test end within its time.
        try await Serving.run(patience: .init(shutdown: .seconds(3_600))) { serving in
            try await Connection.open(serving.socketPath) { events in
                try await events.get("/v1/events")
                _ = try await events.receive(until: ": hearth\n\n\r\n")
                try await Connection.open(serving.socketPath) { logs in
                    try await logs.get("/v1/plugins/kasa/logs?follow=true")
                    _ = try await logs.receive(until: ": hearth\n\n\r\n")
                    await serving.shutDown()
                    #expect(try await events.receiveAll() == "0\r\n\r\n")
                    #expect(try await logs.receiveAll() == "0\r\n\r\n")
                }
            }
            await serving.host.wait { $0.endedStreams == 2 }
        }
    }

    @Test
    func finishesARequestThatIsInProgressAtAShutdown() async throws {
        try await Serving.run(patience: .init(shutdown: .seconds(3_600))) { serving in
            async let answer = serving.ask("POST", "/v1/commands", body: #"{"plugin":"kasa","command":"wait"}"#)
            await serving.host.wait { !$0.asked.isEmpty }
            await serving.shutDown()
            serving.host.gate.continuation.finish()
            let status = try await answer.status
            #expect(status == 200)
        }
    }

    @Test
    func losesPatienceWithARequestThatDoesNotEnd() async throws {
        try await Serving.run(patience: .init(shutdown: .milliseconds(5))) { serving in
            try await Connection.open(serving.socketPath) { connection in
                let body = #"{"plugin":"kasa","command":"wait"}"#
                try await connection.send(
                    "POST /v1/commands HTTP/1.1\r\nHost: hearth\r\nContent-Type: application/json\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
                )
                await serving.host.wait { !$0.asked.isEmpty }
                await serving.shutDown()
                #expect(try await connection.receiveAll().contains("200") == false)
            }
        }
    }

    @Test
    func losesPatienceWithAClientThatNeverFinishesItsRequest() async throws {
        try await Serving.run(patience: .init(shutdown: .milliseconds(5))) { serving in
            try await Connection.open(serving.socketPath) { connection in
                try await connection.send(
                    "PUT /v1/plugins/kasa/settings HTTP/1.1\r\nHost: hearth\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 100\r\n\r\n{"
                )
                await serving.shutDown()
                // Closed, or reset because the server had not read everything.
                let rest = (try? await connection.receiveAll()) ?? ""
                #expect(!rest.contains("200"))
            }
            #expect(serving.host.asked == [])
        }
    }

    @Test
    func losesPatienceWithAClientThatDoesNotReadItsStream() async throws {
        try await Serving.run(patience: .init(shutdown: .milliseconds(5))) { serving in
            try await Connection.open(serving.socketPath) { connection in
                try await connection.get("/v1/events")
                _ = try await connection.receive(until: ": hearth\n\n\r\n")
                for _ in 1...20_000 { serving.host.send(serving.host.event(1)) }
                await serving.shutDown()
                await serving.host.wait { $0.endedStreams == 1 }
            }
        }
    }

    private func server(at path: String) -> HTTPServer {
        HTTPServer(host: TestHost(), socketPath: path, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func withFile(_ body: (String) async throws -> Void) async throws {
        var template = Array("/tmp/hearth-file-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        close(descriptor)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        try await body(path)
    }
}
