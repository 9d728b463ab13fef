import HostAPI
import Testing

@testable import Client

@Suite(.timeLimit(.minutes(5))) struct HTTPHostTests {
    private func host(_ server: TinyServer) throws -> HTTPHost {
        HTTPHost(socketPath: try SocketPath(ofRoot: server.root))
    }

    @Test func asksAndDecodes() async throws {
        try await TinyServer.with { _ in
            .json(200, String(json: [PluginSummary.kasa, .hue].first))
        } _: { server in
            let request = Request(path: ["plugins", "kasa"])
            let summary: PluginSummary = try await host(server).answer(request)
            #expect(summary == .kasa)
            #expect(server.requests.map(\.method) == ["GET"])
            #expect(server.requests.map(\.target) == ["/v1/plugins/kasa"])
            #expect(server.requests.map(\.body) == [""])
        }
    }

    @Test func sendsBodiesAsJSON() async throws {
        let answer = #"{"message": "on", "milliseconds": 1.5, "result": {"on": true}}"#
        try await TinyServer.with { _ in
            .json(200, answer)
        } _: { server in
            let request = CommandRequest(plugin: "kasa", device: "ä", command: "turn-on", arguments: ["x": .integer(1)])
            let result = try await host(server).call(request)
            #expect(result == CommandResult(result: .object(["on": .bool(true)]), message: "on", milliseconds: 1.5))
            let sent = try #require(server.requests.first)
            #expect(sent.method == "POST")
            #expect(sent.target == "/v1/commands")
            #expect(sent.headers["content-type"] == "application/json")
            #expect(sent.headers["expect"] == nil)
            let body = try JSONValue(parsing: sent.body)
            #expect(body["arguments"] == .object(["x": .integer(1)]))
            #expect(body["device"] == .string("ä"))
        }
    }

    @Test func sendsActionsWithoutABody() async throws {
        try await TinyServer.with { _ in
            .json(200, String(json: PluginSummary.kasa))
        } _: { server in
            _ = try await host(server).control("kasa", .restart)
            #expect(server.requests.first?.target == "/v1/plugins/kasa/restart")
            #expect(server.requests.first?.headers["content-length"] == "0")
        }
    }

    @Test func throwsTheHostsFailure() async throws {
        let failure = Failure(.noSuchPlugin, "There is no plugin \"kassa\".", hint: "Did you mean \"kasa\"?")
        try await TinyServer.with { _ in
            .json(404, String(json: failure))
        } _: { server in
            let host = try host(server)
            await #expect(throws: failure) { try await host.plugin("kassa") }
            await #expect(throws: failure) { try await host.logs(LogQuery(plugin: "kassa", follows: true)) }
        }
    }

    @Test func keepsAFailureCodeThatItDoesNotKnow() async throws {
        try await TinyServer.with { _ in
            .json(418, #"{"code": "teapot", "message": "Short."}"#)
        } _: { server in
            let host = try host(server)
            await #expect(throws: Failure(Failure.Code(rawValue: "teapot"), "Short.")) { try await host.status() }
        }
    }

    @Test(arguments: [
        "HTTP/1.1 500 X\r\nContent-Length: 4\r\n\r\nOops", "HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\n[}",
    ])
    func saysThatAnAnswerCannotBeRead(answer: String) async throws {
        try await TinyServer.with { _ in
            .raw(answer)
        } _: { server in
            let host = try host(server)
            let failure = await #expect(throws: Failure.self) { try await host.plugins() }
            #expect(failure?.code == .internalError)
            #expect(failure?.message.contains("GET /v1/plugins") == true)
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n[", "garbage\r\n\r\n"])
    func saysThatTheConnectionBroke(answer: String) async throws {
        try await TinyServer.with { _ in
            .raw(answer)
        } _: { server in
            let host = try host(server)
            let failure = await #expect(throws: Failure.self) { try await host.plugins() }
            #expect(failure?.code == .unreachable)
        }
    }

    @Test func givesUpWhenItsTimeIsOver() async throws {
        try await TinyServer.with { _ in
            .silence
        } _: { server in
            let host = try host(server)
            let request = Request(path: ["status"], patience: .total(.milliseconds(50)))
            let failure = await #expect(throws: Failure.self) { try await host.answer(request) as HostStatus }
            #expect(failure?.code == .timedOut)
            #expect(failure?.message.contains("within 50 ms") == true)
            await server.clientHungUp()
        }
    }

    @Test func hangsUpWhenTheTaskIsCancelled() async throws {
        try await TinyServer.with { _ in
            .silence
        } _: { server in
            let host = try host(server)
            let task = Task { try await host.status() }
            task.cancel()
            let result = await task.result
            #expect(throws: Failure.self) { try result.get() }
        }
    }

    @Test func readsAStreamToItsEnd() async throws {
        let events = (1...3).map { Event(number: $0, time: .sample, kind: "host", message: "event \($0)") }
        let pieces = [": hearth\n\n"] + events.map { "id: \($0.number)\ndata: \(String(json: $0))\n\n" }
        try await TinyServer.with { _ in
            .stream(pieces)
        } _: { server in
            var received: [Event] = []
            for try await event in try await host(server).events(after: 0) { received.append(event) }
            #expect(received == events)
            #expect(server.requests.first?.target == "/v1/events?after=0")
        }
    }

    @Test func hangsUpWhenAStreamIsNotReadAnyMore() async throws {
        let event = Event(number: 1, time: .sample, kind: "host", message: "hello")
        try await TinyServer.with { _ in
            .endlessStream(["data: \(String(json: event))\n\n"])
        } _: { server in
            for try await received in try await host(server).events(after: nil) {
                #expect(received == event)
                break
            }
            await server.clientHungUp()
        }
    }

    @Test func endsAStreamWithTheTask() async throws {
        try await TinyServer.with { _ in
            .endlessStream([": hearth\n\n"])
        } _: { server in
            let stream = try await host(server).events(after: nil)
            let task = Task {
                var count = 0
                for try await _ in stream { count += 1 }
                return count
            }
            task.cancel()
            #expect(try await task.value == 0)
            await server.clientHungUp()
        }
    }

    @Test func throwsTheFailureThatEndsAStream() async throws {
        let failure = Failure(.busy, "This reader is too slow.")
        try await TinyServer.with { _ in
            .stream(["event: failure\ndata: \(String(json: failure))\n\n"])
        } _: { server in
            let stream = try await host(server).events(after: nil)
            await #expect(throws: failure) { for try await _ in stream {} }
        }
    }

    @Test func losesNothingWhenTheReaderIsSlowerThanTheHost() async throws {
        // Far more than the client keeps: the transfer is paused and goes on.
        let line = LogLine(
            time: .sample,
            plugin: "kasa",
            level: .info,
            source: "plugin",
            message: String(repeating: "x", count: 1_000)
        )
        let pieces = (0..<8_000).map { _ in "data: \(String(json: line))\n\n" }
        try await TinyServer.with { _ in
            .stream(pieces)
        } _: { server in
            var count = 0
            for try await received in try await host(server).logs(LogQuery(plugin: "kasa", follows: true)) {
                #expect(received == line)
                count += 1
            }
            #expect(count == pieces.count)
        }
    }

    @Test func readsLogsWithoutFollowingAsAnArray() async throws {
        let line = LogLine(time: .sample, plugin: "kasa", level: .info, source: "plugin", message: "hello")
        try await TinyServer.with { _ in
            .json(200, "[\(String(json: line))]")
        } _: { server in
            let query = LogQuery(plugin: "kasa", since: .sample, level: .info, limit: 5)
            var received: [LogLine] = []
            for try await line in try await host(server).logs(query) { received.append(line) }
            #expect(received == [line])
            #expect(
                server.requests.first?.target
                    == "/v1/plugins/kasa/logs?since=2026-03-01T09%3A30%3A00.250Z&level=info&limit=5"
            )
        }
    }

    @Test func saysThatNobodyListens() async throws {
        let directory = try makeScratchDirectory()
        defer { removeScratch(directory) }
        let host = HTTPHost(socketPath: try SocketPath(ofRoot: directory))
        let failure = await #expect(throws: Failure.self) { try await host.status() }
        #expect(failure?.code == .unreachable)
        #expect(failure?.message.contains("\(directory)/run/hostd.sock") == true)
        #expect(failure?.hint?.contains("hostd") == true)
    }

    @Test func saysThatASocketWasLeftBehind() async throws {
        let root = try await TinyServer.with { _ in
            .silence
        } _: {
            $0.root
        }
        let path = root + ".sock"
        defer { removeScratch(path) }
        // A bound socket that nobody listens on refuses.
        #expect(bindWithoutListening(path))
        let host = HTTPHost(socketPath: try SocketPath(path))
        let failure = await #expect(throws: Failure.self) { try await host.status() }
        #expect(failure?.code == .unreachable)
        #expect(failure?.message.contains("left it behind") == true)
        #expect(try SocketPath(path).probe() == failure)
    }
}
