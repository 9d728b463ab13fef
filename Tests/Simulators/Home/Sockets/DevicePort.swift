internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The sockets of one device at one address: open, closed, or without power.
actor DevicePort {
    enum Condition: Equatable {
        case open
        /// Nobody listens: attempts are refused.
        case refusing
        /// Attempts are swallowed.
        case powerless
    }

    let device: SimulatedDevice
    let address: IPv4Address
    let number: Int
    private let group: MultiThreadedEventLoopGroup
    private let connections = OpenConnections()

    private var condition = Condition.refusing
    private var goal = Condition.refusing
    private var isChanging = false
    private var listener: (any Channel)?
    private var powerless: Powerless?
    /// Read by the event loop when somebody looks for devices.
    private nonisolated let datagramSocket = Mutex<(any Channel)?>(nil)

    init(device: SimulatedDevice, address: IPv4Address, number: Int, group: MultiThreadedEventLoopGroup) {
        self.device = device
        self.address = address
        self.number = number
        self.group = group
    }

    /// The socket that answers over UDP; nil while the device cannot be reached.
    nonisolated var socket: (any Channel)? { datagramSocket.withLock { $0 } }

    /// Brings the sockets into a condition. A call during a change of another call hands it the new goal and returns.
    ///
    /// - Throws: `SimulatorError` when the port is taken by somebody else; the port is closed then.
    func become(_ goal: Condition) async throws {
        self.goal = goal
        guard !isChanging else { return }
        isChanging = true
        defer { isChanging = false }
        while condition != self.goal {
            let next = self.goal
            condition = .refusing
            await closeSockets()
            // Without power a device says no goodbye: its connections stay, dead, until it is back.
            if next != .powerless { await closeAll(connections.all) }
            switch next {
            case .refusing: break
            case .powerless: powerless = try Powerless(address: address, port: number)
            case .open: try await open()
            }
            condition = next
        }
    }

    private func open() async throws {
        let device = device
        let connections = connections
        do {
            listener = try await ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        connections.add(channel)
                        try channel.pipeline.syncOperations.addHandler(DeviceConnection(device: device))
                    }
                }
                .bind(host: address.description, port: number).get()
            let socket = try await Self.bindDatagrams(group, address, number) { [weak self] in
                self?.socket.map { [(device, $0)] } ?? []
            }
            datagramSocket.withLock { $0 = socket }
        } catch {
            await closeSockets()
            throw SimulatorError.portIsTaken(address, number, because: error)
        }
    }

    private func closeSockets() async {
        powerless = nil
        let socket = datagramSocket.withLock { socket in
            defer { socket = nil }
            return socket
        }
        let open = [listener, socket].compactMap { $0 }
        listener = nil
        await closeAll(open)
    }

    /// A channel that is closed already says so by an error: it is what we want.
    private func closeAll(_ channels: [any Channel]) async {
        for channel in channels { try? await channel.close().get() }
    }

    /// Takes a UDP port whose requests go to `recipients`.
    static func bindDatagrams(
        _ group: MultiThreadedEventLoopGroup,
        _ address: IPv4Address,
        _ number: Int,
        recipients: @escaping DiscoveryResponder.Recipients
    ) async throws -> any Channel {
        try await DatagramBootstrap(group: group)
            .channelOption(.socketOption(.so_reuseaddr), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DiscoveryResponder(recipients: recipients))
                }
            }
            .bind(host: address.description, port: number).get()
    }
}

/// The accepted connections of a port that are still open.
private final class OpenConnections: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    var all: [any Channel] { channels.withLock { Array($0.values) } }

    func add(_ channel: any Channel) {
        let key = ObjectIdentifier(channel)
        channels.withLock { $0[key] = channel }
        channel.closeFuture.whenComplete { _ in
            self.channels.withLock { $0[key] = nil }
        }
    }
}
