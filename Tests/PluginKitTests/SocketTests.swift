import Glibc
import PluginKit
import Testing

@Suite struct SocketTests {
    private let soon = Duration.seconds(20)

    @Test func readsExactlyWhatItIsAskedFor() async throws {
        let server = try LoopbackServer { peer in
            peer.write([1, 2, 3])
            peer.write([4, 5])
            _ = peer.read(1)
        }
        let connection = try await TCPConnection.connect(to: "127.0.0.1", port: server.port, within: soon)
        #expect(try await connection.read(exactly: 4, within: soon) == [1, 2, 3, 4])
        #expect(try await connection.read(atMost: 10, within: soon) == [5])
        try await connection.write([0], within: soon)
        #expect(try await connection.read(atMost: 10, within: soon).isEmpty, "the peer has ended")
    }

    @Test func writesMoreThanTheSystemTakesAtOnce() async throws {
        let server = try LoopbackServer { peer in
            let bytes = peer.read(5_000_000)
            peer.write([bytes.count == 5_000_000 && bytes.last == 7 ? 1 : 0])
        }
        let connection = try await TCPConnection.connect(to: "localhost", port: server.port, within: soon)
        try await connection.write([UInt8](repeating: 7, count: 5_000_000), within: soon)
        #expect(try await connection.read(exactly: 1, within: soon) == [1])
    }

    @Test func namesWhatHappened() async throws {
        let closed = try LoopbackServer { _ in }
        let port = closed.port
        closed.stop()
        await #expect(throws: SocketError.refused(peer: "127.0.0.1:\(port)")) {
            try await TCPConnection.connect(to: "127.0.0.1", port: port, within: soon)
        }
        await #expect(throws: SocketError.unreachable(peer: "255.255.255.255:1")) {
            try await TCPConnection.connect(to: "255.255.255.255", port: 1, within: soon)
        }
        let error = await #expect(throws: SocketError.self) {
            try await TCPConnection.connect(to: "no-such-machine.invalid", port: 1, within: soon)
        }
        guard case .nameNotResolved("no-such-machine.invalid", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func noticesAPeerThatEndsTooEarlyOrBreaksOff() async throws {
        let ending = try LoopbackServer { $0.write([1, 2]) }
        let connection = try await TCPConnection.connect(to: "127.0.0.1", port: ending.port, within: soon)
        await #expect(throws: SocketError.ended(peer: connection.peer.description, missing: 3)) {
            try await connection.read(exactly: 5, within: soon)
        }
        let resetting = try LoopbackServer { peer in
            _ = peer.read(1)
            peer.reset()
        }
        let second = try await TCPConnection.connect(to: "127.0.0.1", port: resetting.port, within: soon)
        try await second.write([1], within: soon)
        await #expect(throws: SocketError.reset(peer: second.peer.description)) {
            try await second.read(exactly: 1, within: soon)
        }
    }

    @Test func givesUpWhenTheTimeIsOver() async throws {
        let silent = try LoopbackServer { _ = $0.read(1) }
        let connection = try await TCPConnection.connect(to: "127.0.0.1", port: silent.port, within: soon)
        let peer = connection.peer.description
        let start = ContinuousClock.now
        await #expect(throws: SocketError.timedOut(peer: peer, waitingFor: "waiting for data")) {
            try await connection.read(exactly: 1, within: .milliseconds(30))
        }
        #expect(start.duration(to: .now) >= .milliseconds(30))
        // The connection itself is as good as before.
        try await connection.write([1], within: soon)
        #expect(try await connection.read(atMost: 1, within: soon).isEmpty)
    }

    @Test func givesUpConnectingWhenTheTimeIsOver() async throws {
        // A queue that is full makes Linux ignore further connections, as a machine that is off does.
        let full = try LoopbackServer(acceptsNobody: true)
        var waiting: [TCPConnection] = []
        var failure: SocketError?
        while failure == nil, waiting.count < 16 {
            do throws(SocketError) {
                waiting.append(
                    try await TCPConnection.connect(to: "127.0.0.1", port: full.port, within: .milliseconds(200))
                )
            } catch { failure = error }
        }
        #expect(failure == .timedOut(peer: "127.0.0.1:\(full.port)", waitingFor: "connecting"))
    }

    @Test func aCancellationClosesTheConnection() async throws {
        let server = try LoopbackServer { peer in peer.report(peer.read(1).isEmpty) }
        let connection = try await TCPConnection.connect(to: "127.0.0.1", port: server.port, within: soon)
        let reading = Task { () throws(SocketError) in try await connection.read(exactly: 1, within: .seconds(600)) }
        reading.cancel()
        let result = await reading.result
        #expect(throws: SocketError.closed(peer: connection.peer.description)) { try result.get() }
        await #expect(throws: SocketError.closed(peer: connection.peer.description)) {
            try await connection.write([1], within: soon)
        }
        #expect(await server.reports.first { _ in true } == true, "the peer saw the end")
    }

    @Test func closingEndsWhoeverWaits() async throws {
        let server = try LoopbackServer { _ = $0.read(1) }
        let connection = try await TCPConnection.connect(to: "127.0.0.1", port: server.port, within: soon)
        let reading = Task { () throws(SocketError) in try await connection.read(exactly: 1, within: .seconds(600)) }
        connection.close()
        let result = await reading.result
        #expect(throws: SocketError.closed(peer: connection.peer.description)) { try result.get() }
    }

    @Test func servesAThousandConnectionsAtOnce() async throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let server = try LoopbackServer { $0.write($0.read(4)) }
        let soon = soon
        let answers = await withTaskGroup(of: Int?.self) { group in
            for number in 0..<1000 {
                group.addTask {
                    let bytes = [UInt8(number & 0xFF), UInt8(number >> 8), 0, 0]
                    guard
                        let connection = try? await TCPConnection.connect(
                            to: "127.0.0.1",
                            port: server.port,
                            within: soon
                        ),
                        (try? await connection.write(bytes, within: soon)) != nil,
                        let answer = try? await connection.read(exactly: 4, within: soon)
                    else { return nil }
                    return Int(answer[0]) | Int(answer[1]) << 8
                }
            }
            return await group.reduce(into: Set<Int>()) { seen, number in if let number { seen.insert(number) } }
        }
        #expect(answers == Set(0..<1000))
    }

    @Test func everyErrorSaysWhatToCheckAndIsRetryableUnlessForbidden() {
        #expect(
            SocketError.refused(peer: "a:1").description
                == "a:1 refused the connection; check the port, and that the service is on"
        )
        #expect(PluginError(SocketError.reset(peer: "a:1")).class == .retryable)
        #expect(PluginError(SocketError.denied(peer: "a:1")).class == .permanent)
    }
}
