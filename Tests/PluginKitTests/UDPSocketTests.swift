import PluginKit
import Testing

@Suite struct UDPSocketTests {
    private let soon = Duration.seconds(20)

    @Test func sendsAndReceivesWithTheSendersAddress() async throws {
        let one = try UDPSocket(at: SocketAddress(ip: "127.0.0.1", port: 0))
        let other = try UDPSocket(at: SocketAddress(ip: "127.0.0.1", port: 0))
        try await one.send([1, 2, 3], to: other.address)
        try await one.send([], to: other.address)
        let first = try await other.receive(within: soon)
        #expect(first.bytes == [1, 2, 3])
        #expect(first.sender == one.address)
        #expect(try await other.receive(within: soon).bytes.isEmpty)
    }

    @Test func broadcastsIfItMay() async throws {
        let listener = try UDPSocket()
        let target = try #require(SocketAddress(ip: "127.255.255.255", port: listener.address.port))
        let sender = try UDPSocket(broadcast: true)
        try await sender.send([9], to: target)
        #expect(try await listener.receive(within: soon).bytes == [9])
        let modest = try UDPSocket()
        await #expect(throws: SocketError.self) { try await modest.send([9], to: target) }
    }

    @Test func stillReceivesAfterATimeout() async throws {
        let socket = try UDPSocket(at: SocketAddress(ip: "127.0.0.1", port: 0))
        let peer = "UDP 127.0.0.1:0"
        await #expect(throws: SocketError.timedOut(peer: peer, waitingFor: "waiting for a datagram")) {
            try await socket.receive(within: .milliseconds(10))
        }
        try await socket.send([1], to: socket.address)
        #expect(try await socket.receive(within: soon).bytes == [1])
    }

    @Test func saysThatAPortIsTaken() throws {
        let socket = try UDPSocket(at: SocketAddress(ip: "127.0.0.1", port: 0))
        #expect(throws: SocketError.portTaken(port: socket.address.port)) { try UDPSocket(at: socket.address) }
    }

    @Test func speaksIPv6() async throws {
        let address = try #require(SocketAddress(ip: "::1", port: 0))
        guard let socket = try? UDPSocket(at: address) else { return }  // a machine without IPv6
        #expect(socket.address.ip == "::1")
        try await socket.send([1], to: socket.address)
        #expect(try await socket.receive(within: soon).sender == socket.address)
    }

    @Test func readsAddressesAsPeopleWriteThem() {
        #expect(SocketAddress(ip: "192.168.1.20", port: 80)?.description == "192.168.1.20:80")
        #expect(SocketAddress(ip: "fe80::1", port: 80)?.description == "[fe80::1]:80")
        for text in ["", "host", "1.2.3", "1.2.3.4.5", "%lo", "1.2.3.4%lo", "::1::"] {
            #expect(SocketAddress(ip: text, port: 80) == nil, "\(text)")
        }
    }
}
