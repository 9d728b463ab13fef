import HomeSimulator
import Testing

@Suite
struct SimulatedHomeTests {
    private static let heater = DevicePlan(.hs110, "Heater")
    private static let lamp = DevicePlan(.kl130, "Living room lamp")

    @Test
    func eachDeviceAnswersADiscoveryFromItsOwnAddress() async throws {
        try await RunningHome.with(Self.heater, Self.lamp) { running in
            let answers = await datagrams(
                to: running.home.network.broadcast,
                port: running.home.port,
                request: KasaCipher.encrypt(Ask.information.bytes),
                enough: 2
            )
            let aliases = answers.map { $0.reply["system"]?["get_sysinfo"]?["alias"]?.string }
            #expect(aliases == ["Heater", "Living room lamp"])
            #expect(answers.map(\.sender) == (await running.home.devices.map { "\($0.address)" }))
        }
    }

    @Test
    func theCountersTellWhatADeviceHasSeen() async throws {
        try await RunningHome.with(Self.heater) { running in
            let device = running.devices[0]
            try await running.home.order(.slow(milliseconds: 200), on: device)
            async let one = running.contact(device, Ask.information)
            async let two = running.contact(device, Ask.turnOn)
            _ = try await (one, two)
            try await eventually("both connections are closed") { device.counters.openConnections == 0 }
            let counters = device.counters
            #expect(counters.connections == 2)
            #expect(counters.mostConnections == 2)
            #expect(counters.requests == 2)
            #expect(counters.commands == 1)
        }
    }

    @Test
    func aDeviceThatMovesTakesItsStateAlong() async throws {
        try await RunningHome.with(Self.heater) { running in
            let device = running.devices[0]
            let old = try await running.address(of: device)
            let new = IPv4Address(value: old.value + 40)
            _ = try await running.contact(device, Ask.turnOn)
            try await running.home.move(device, to: new)
            let port = running.home.port
            let request = KasaFrame.encode(Ask.information.bytes)
            #expect(await Contact.make(old, port: port, requests: [request]).connection == .refused)
            let contact = await Contact.make(new, port: port, requests: [request])
            #expect(contact.reply?["system"]?["get_sysinfo"]?["relay_state"] == 1)
        }
    }

    @Test
    func aDeviceDoesNotMoveToAnAddressThatIsTakenOrElsewhere() async throws {
        try await RunningHome.with(Self.heater, Self.lamp) { running in
            let taken = try await running.address(of: running.devices[1])
            await #expect(throws: SimulatorError.self) {
                try await running.home.move(running.devices[0], to: taken)
            }
            await #expect(throws: SimulatorError.self) {
                try await running.home.move(running.devices[0], to: running.home.network.broadcast)
            }
            #expect(try await running.contact(running.devices[0], Ask.information).reply != nil)
        }
    }

    @Test
    func twoHomesCannotShareAnAddress() async throws {
        try await RunningHome.with(Self.heater) { running in
            let second = SimulatedHome(network: running.home.network)
            try await second.add(Self.lamp)
            await #expect(throws: SimulatorError.self) { try await second.start() }
            await second.stop()
        }
    }

    @Test(arguments: [[0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 3, 1, 2, 3]] as [[UInt8]])
    func bytesThatNobodyUnderstandsEndTheConnection(bytes: [UInt8]) async throws {
        try await RunningHome.with(Self.heater) { running in
            let device = running.devices[0]
            let contact = await Contact.make(
                try await running.address(of: device),
                port: running.home.port,
                requests: [bytes]
            )
            #expect(contact.end == .closed)
            #expect(device.counters.malformed == 1)
        }
    }

    @Test
    func aDeviceAddedToARunningHomeAnswersAtOnce() async throws {
        try await RunningHome.with(Self.heater) { running in
            let lamp = try await running.home.add(Self.lamp)
            #expect(try await running.contact(lamp, Ask.information).reply != nil)
        }
    }

    @Test
    func aPressOfTheButtonShows() async throws {
        try await RunningHome.with(Self.heater) { running in
            running.devices[0].press(true)
            let contact = try await running.contact(running.devices[0], Ask.information)
            #expect(contact.reply?["system"]?["get_sysinfo"]?["relay_state"] == 1)
        }
    }

    @Test(arguments: ["192.168.1.0/24", "127.1.2.0", "127.1.2.0/31", "127.1.2/24", "x/24"])
    func aNetworkOutsideLoopbackIsNone(text: String) {
        #expect(IPv4Network(text) == nil)
    }

    @Test
    func aLargeNetworkHasRoomForThousands() throws {
        let network = try #require(IPv4Network("127.78.0.0/16"))
        let hosts = network.hosts.prefix(600).map { "\($0)" }
        #expect(hosts[0] == "127.78.0.1")
        #expect(hosts[254] == "127.78.1.1")
        #expect("\(network.broadcast)" == "127.78.255.255")
    }
}
