import PluginKit

/// One search of the network: both discovery questions to each address, several times, because datagrams get lost.
struct Scan {
    /// What answered.
    enum Finding: Sendable {
        case device(SystemInfo, at: String)
        case newer(NewerDevice, at: String)
    }

    private static let repetitions = 3
    private static let length = Duration.seconds(5)

    private let addresses: [String]

    /// - Parameter addresses: IPv4 addresses of machines or broadcasts; anything else is passed over.
    init(of addresses: [String]) {
        self.addresses = addresses
    }

    /// Searches for five seconds, handing over findings as they come, each device perhaps several times.
    ///
    /// - Throws: `SocketError` if there is no socket to be had.
    func run(_ found: (Finding) async -> Void) async throws(SocketError) {
        let socket = try UDPSocket(broadcast: true)
        defer { socket.close() }
        let limit = TimeLimit(Self.length)
        let pause = Self.length / Self.repetitions
        for repetition in 1...Self.repetitions {
            await ask(socket)
            let listening = repetition == Self.repetitions ? limit : TimeLimit(pause)
            while listening.left > .zero, !Task.isCancelled {
                do throws(SocketError) {
                    let datagram = try await socket.receive(within: listening.left)
                    if let finding = Self.read(datagram) { await found(finding) }
                } catch {
                    guard case .timedOut = error else { throw error }
                }
            }
        }
    }

    /// A network that cannot be reached is no reason not to ask the others.
    private func ask(_ socket: UDPSocket) async {
        for address in addresses {
            if let local = SocketAddress(ip: address, port: LocalDiscovery.port) {
                try? await socket.send(LocalDiscovery.question, to: local)
            }
            if let newer = SocketAddress(ip: address, port: NewerDiscovery.port) {
                try? await socket.send(NewerDiscovery.question, to: newer)
            }
        }
    }

    private static func read(_ datagram: UDPSocket.Datagram) -> Finding? {
        switch datagram.sender.port {
        case LocalDiscovery.port:
            LocalDiscovery.read(datagram.bytes).map { .device($0, at: datagram.sender.ip) }
        case NewerDiscovery.port:
            NewerDiscovery.read(datagram.bytes).map { .newer($0, at: datagram.sender.ip) }
        default:
            nil
        }
    }
}
