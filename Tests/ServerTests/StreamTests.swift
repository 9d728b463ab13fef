import HostAPI
import Server
import Testing

/// Streams of server-sent events.
@Suite(.timeLimit(.minutes(1)))
struct StreamTests {
    private static let start = ": hearth\n\n"

    /// What a stream's body looks like on the wire: a chunk for each write.
    private static func chunk(_ text: String) -> String {
        String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n"
    }

    @Test
    func sendsTheHeadBeforeAnythingHappens() async throws {
        try await Serving.run { serving in
            try await Connection.open(serving.socketPath) { connection in
                try await connection.get("/v1/events")
                let head = try await connection.receive(until: "\r\n\r\n")
                #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(head.contains("Content-Type: text/event-stream\r\n"))
                #expect(head.contains("Cache-Control: no-store\r\n"))
                #expect(try await connection.receive(until: "\n\n\r\n") == Self.chunk(Self.start))
            }
            #expect(serving.host.asked == ["events -"])
        }
    }

    @Test
    func framesEventsWithTheirNumber() async throws {
        try await Serving.run { serving in
            try await Connection.open(serving.socketPath) { connection in
                try await connection.get("/v1/events")
                _ = try await connection.receive(until: Self.chunk(Self.start))
                serving.host.send(serving.host.event(41))
                let data = #"{"kind":"host","message":"event\n41","number":41,"time":"2026-03-01T09:30:00.250Z"}"#
                #expect(
                    try await connection.receive(until: "\n\n\r\n") == Self.chunk("id: 41\ndata: \(data)\n\n")
                )
            }
        }
    }

    @Test(arguments: [
        ("/v1/events?after=7", [], "events 7", "id: 8\n"),
        ("/v1/events?after=0", [], "events 0", "id: 1\n"),
        ("/v1/events", ["Last-Event-ID: 8"], "events 8", "id: 9\n"),
        ("/v1/events?after=1", ["last-event-id: 8"], "events 8", "id: 9\n"),
    ])
    func resumes(target: String, headers: [String], question: String, first: String) async throws {
        try await Serving.run { serving in
            try await Connection.open(serving.socketPath) { connection in
                let lines = ["GET \(target) HTTP/1.1", "Host: hearth"] + headers + ["", ""]
                try await connection.send(lines.joined(separator: "\r\n"))
                _ = try await connection.receive(until: Self.chunk(Self.start))
                #expect(try await connection.receive(until: "data:").contains("\r\n" + first))
                #expect(try await connection.receive(until: #""number":9"#).isEmpty == false)
            }
            #expect(serving.host.asked == [question])
        }
    }

    @Test
    func followsALogWithoutNumbers() async throws {
        try await Serving.run { serving in
            let host = serving.host
            let old = host.line("old")
            host.change { $0.logs = [old] }
            try await Connection.open(serving.socketPath) { connection in
                try await connection.get("/v1/plugins/kasa/logs?follow=true&limit=10")
                _ = try await connection.receive(until: Self.chunk(Self.start))
                #expect(try await connection.receive(until: #""message":"old""#).contains("id:") == false)
                host.send(host.line("new"))
                #expect(try await connection.receive(until: #""message":"new""#).contains("\r\ndata: {"))
            }
            #expect(host.asked == ["logs kasa - debug 10 true"])
        }
    }

    @Test
    func answersWithTheLinesOfALogThatIsNotFollowed() async throws {
        try await Serving.run { serving in
            let lines = [serving.host.line("one"), serving.host.line("two")]
            serving.host.change { $0.logs = lines }
            let answer = try await serving.get("/v1/plugins/kasa/logs")
            #expect(try answer.decoded() == lines)
        }
    }

    @Test
    func keepsAStreamAliveWithComments() async throws {
        try await Serving.run(patience: .init(keepAlive: .milliseconds(5))) { serving in
            try await Connection.open(serving.socketPath) { connection in
                try await connection.get("/v1/events")
                _ = try await connection.receive(until: Self.chunk(Self.start))
                for _ in 1...3 {
                    #expect(try await connection.receive(until: "\n\n\r\n") == Self.chunk(": keep-alive\n\n"))
                }
                serving.host.send(serving.host.event(1))
                #expect(try await connection.receive(until: "id: 1\n").isEmpty == false)
            }
        }
    }

    @Test
    func tellsWhyAStreamBreaksOff() async throws {
        try await Serving.run { serving in
            try await Connection.open(serving.socketPath) { connection in
                try await connection.get("/v1/events")
                _ = try await connection.receive(until: Self.chunk(Self.start))
                serving.host.breakOffEvents(Failure(.busy, "You read too slowly."))
                let text = "event: failure\ndata: {\"code\":\"busy\",\"message\":\"You read too slowly.\"}\n\n"
                #expect(try await connection.receiveAll() == Self.chunk(text) + "0\r\n\r\n")
            }
        }
    }

    @Test
    func keepsADefectsInternalsToItself() async throws {
        struct Defect: Error {}
        try await Serving.run { serving in
            try await Connection.open(serving.socketPath) { connection in
                try await connection.get("/v1/events")
                _ = try await connection.receive(until: Self.chunk(Self.start))
                serving.host.breakOffEvents(Defect())
                let rest = try await connection.receiveAll()
                #expect(rest.contains(#"data: {"code":"internal""#))
                #expect(!rest.contains("Defect"))
            }
        }
    }

    @Test
    func endsTheHostsStreamWhenTheClientHangsUp() async throws {
        try await Serving.run { serving in
            for target in ["/v1/events", "/v1/plugins/kasa/logs?follow=true"] {
                try await Connection.open(serving.socketPath) { connection in
                    try await connection.get(target)
                    _ = try await connection.receive(until: Self.chunk(Self.start))
                }
            }
            await serving.host.wait { $0.openStreams == 2 && $0.endedStreams == 2 }
            #expect(serving.host.asked.count == 2)
        }
    }

    @Test
    func endsTheHostsStreamWhenTheClientHangsUpInTheMiddleOfAFlood() async throws {
        try await Serving.run { serving in
            try await Connection.open(serving.socketPath) { connection in
                try await connection.get("/v1/events")
                _ = try await connection.receive(until: Self.chunk(Self.start))
                for _ in 1...10_000 { serving.host.send(serving.host.event(1)) }
            }
            await serving.host.wait { $0.endedStreams == 1 }
            #expect(serving.host.asked == ["events -"])
        }
    }
}
