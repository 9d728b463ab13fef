internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A home of Kasa devices on loopback: each has an address of its own and the port that real ones have.
///
/// Requests to the last address of the network over UDP reach every device, as a broadcast does in a real home; each
/// answers from its own address.
package actor SimulatedHome {
    package nonisolated let network: IPv4Network
    /// The port of every device, TCP and UDP: 9999 for real ones.
    package nonisolated let port: Int
    package nonisolated let seed: UInt64
    package nonisolated let clock: HomeClock

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private var ports: [DevicePort] = []
    private var taken: Set<IPv4Address> = []
    private var recoveries: [ObjectIdentifier: [Task<Void, Never>]] = [:]
    private var broadcastSocket: (any Channel)?
    private var isRunning = false
    /// What the event loop needs to pass a discovery on.
    private nonisolated let reachable = Mutex<[DevicePort]>([])

    package init(network: IPv4Network, port: Int = 9_999, seed: UInt64 = 1, clock: HomeClock = .system) {
        self.network = network
        self.port = port
        self.seed = seed
        self.clock = clock
    }

    /// The devices in the order of their coming, with their addresses.
    package var devices: [(device: SimulatedDevice, address: IPv4Address)] {
        ports.map { ($0.device, $0.address) }
    }

    /// Adds a device at the next free address, or at the one given. In a running home it is reachable at once.
    ///
    /// - Throws: `SimulatorError`: the network is full, or the address or its port is taken.
    @discardableResult
    package func add(_ plan: DevicePlan, at address: IPv4Address? = nil) async throws -> SimulatedDevice {
        let device = SimulatedDevice(plan.makeDevice(seed: seed, at: clock.moment), clock: clock)
        try await attach(device, at: try address.map(checked) ?? nextAddress())
        return device
    }

    /// Opens every device's port and begins to answer discovery.
    ///
    /// - Throws: `SimulatorError.portIsTaken`; nothing is left open then.
    package func start() async throws {
        guard !isRunning else { return }
        do {
            for port in ports { try await port.become(.open) }
            let address = network.broadcast
            broadcastSocket = try await DevicePort.bindDatagrams(group, address, port) { [weak self] in
                let ports = self?.reachable.withLock { $0 } ?? []
                return ports.compactMap { port in port.socket.map { (port.device, $0) } }
            }
            isRunning = true
        } catch {
            for port in ports { try? await port.become(.refusing) }
            throw error is SimulatorError ? error : SimulatorError.portIsTaken(network.broadcast, port, because: error)
        }
    }

    /// Closes everything. A home that was stopped does not start again.
    package func stop() async {
        isRunning = false
        for recovery in recoveries.values.joined() { recovery.cancel() }
        recoveries = [:]
        try? await broadcastSocket?.close().get()
        for port in ports { try? await port.become(.refusing) }
        try? await group.shutdownGracefully()
    }

    // MARK: Faults

    /// Orders a fault. Faults add up. One goes away by itself after a `duration`, or after it met so many requests
    /// (`times`; not for `refuse` and `unreachable`, which no request meets).
    ///
    /// - Throws: `SimulatorError.portIsTaken` when the port must open again and somebody else has it.
    package func order(
        _ fault: Fault,
        on device: SimulatedDevice,
        for duration: Duration? = nil,
        times: Int? = nil
    ) async throws {
        device.order(fault, times: fault.concernsPort ? nil : times)
        try await settlePort(of: device)
        guard let duration else { return }
        let recovery = Task { [weak self] in
            guard (try? await Task.sleep(for: duration)) != nil else { return }
            device.clear(fault)
            // The port was ours before the fault; should somebody have taken it, the device stays away.
            try? await self?.settlePort(of: device)
        }
        recoveries[ObjectIdentifier(device), default: []].append(recovery)
    }

    /// Takes all faults away. The device can be reached again at once.
    package func clear(_ device: SimulatedDevice) async throws {
        device.clearFaults()
        for recovery in recoveries.removeValue(forKey: ObjectIdentifier(device)) ?? [] { recovery.cancel() }
        try await settlePort(of: device)
    }

    /// The router gives the device another address. Its open connections end.
    package func move(_ device: SimulatedDevice, to address: IPv4Address) async throws {
        guard let index = ports.firstIndex(where: { $0.device === device }) else { return }
        let address = try checked(address)
        try await ports[index].become(.refusing)
        taken.remove(ports.remove(at: index).address)
        try await attach(device, at: address, index: index)
    }

    private func settlePort(of device: SimulatedDevice) async throws {
        guard isRunning, let port = ports.first(where: { $0.device === device }) else { return }
        let faults = device.faults
        let condition: DevicePort.Condition =
            faults.contains(.unreachable) ? .powerless : faults.contains(.refuse) ? .refusing : .open
        try await port.become(condition)
    }

    // MARK: Addresses

    private func attach(_ device: SimulatedDevice, at address: IPv4Address, index: Int? = nil) async throws {
        let port = DevicePort(device: device, address: address, number: port, group: group)
        ports.insert(port, at: index ?? ports.endIndex)
        taken.insert(address)
        let all = ports
        reachable.withLock { $0 = all }
        try await settlePort(of: device)
    }

    private func checked(_ address: IPv4Address) throws(SimulatorError) -> IPv4Address {
        guard network.contains(address), address != network.broadcast else {
            throw .addressIsOutside(address.description, network)
        }
        guard !taken.contains(address) else { throw .addressIsTaken(address) }
        return address
    }

    private func nextAddress() throws(SimulatorError) -> IPv4Address {
        guard let address = network.hosts.first(where: { !taken.contains($0) }) else { throw .networkIsFull(network) }
        return address
    }
}
