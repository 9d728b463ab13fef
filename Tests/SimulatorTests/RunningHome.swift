import Glibc
import HomeSimulator
import Synchronization
import Testing

/// A home that runs for one test, in a network that no other test has.
struct RunningHome {
    let home: SimulatedHome
    let devices: [SimulatedDevice]

    private static let count = Mutex(0)

    static func with(_ plans: DevicePlan..., body: (RunningHome) async throws -> Void) async throws {
        let number = count.withLock { count in
            count += 1
            return count
        }
        // The process id keeps two test runs apart.
        let text = "127.\(192 + Int(getpid()) % 60).\(number % 250).0/24"
        let home = SimulatedHome(network: try #require(IPv4Network(text)))
        var devices: [SimulatedDevice] = []
        for plan in plans { devices.append(try await home.add(plan)) }
        try await home.start()
        do {
            try await body(RunningHome(home: home, devices: devices))
        } catch {
            await home.stop()
            throw error
        }
        await home.stop()
    }

    func address(of device: SimulatedDevice) async throws -> IPv4Address {
        try #require(await home.devices.first { $0.device === device }?.address)
    }

    /// Sends requests over one connection to the device.
    func contact(
        _ device: SimulatedDevice,
        _ requests: JSON...,
        patience: Int = 2_000
    ) async throws -> Contact {
        await Contact.make(
            try await address(of: device),
            port: home.port,
            requests: requests.map { KasaFrame.encode($0.bytes) },
            patience: patience
        )
    }
}

/// Requests of the protocol.
enum Ask {
    static let information: JSON = ["system": ["get_sysinfo": [:]]]
    static let time: JSON = ["time": ["get_time": nil]]
    static let turnOn: JSON = ["system": ["set_relay_state": ["state": 1]]]
    static let turnOff: JSON = ["system": ["set_relay_state": ["state": 0]]]
}

/// Waits until something is true, and fails the test when it is not within ten seconds.
func eventually(
    _ what: Comment,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    for _ in 0..<500 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record(what, sourceLocation: sourceLocation)
}
