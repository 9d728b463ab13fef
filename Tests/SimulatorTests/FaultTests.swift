import HomeSimulator
import Testing

/// Each fault as a client on a real socket meets it.
@Suite
struct FaultTests {
    private static let plug = DevicePlan(.hs110, "Heater", appliances: [.heater])

    @Test
    func silenceIsAnOpenConnectionAndNoReply() async throws {
        try await RunningHome.with(Self.plug) { running in
            try await running.home.order(.silence, on: running.devices[0])
            let contact = try await running.contact(running.devices[0], Ask.information, patience: 200)
            #expect(contact.connection == .made)
            #expect(contact.received.isEmpty)
            #expect(contact.end == .quiet)
        }
    }

    @Test
    func aRefusedConnectionIsTakenAgainAfterClear() async throws {
        try await RunningHome.with(Self.plug) { running in
            try await running.home.order(.refuse, on: running.devices[0])
            #expect(try await running.contact(running.devices[0], Ask.information).connection == .refused)
            try await running.home.clear(running.devices[0])
            #expect(try await running.contact(running.devices[0], Ask.information).reply != nil)
        }
    }

    @Test
    func withoutPowerNobodyAnswersAndAfterwardsItComesBackByItself() async throws {
        try await RunningHome.with(Self.plug) { running in
            let device = running.devices[0]
            try await running.home.order(.unreachable, on: device, for: .milliseconds(700))
            #expect(try await running.contact(device, Ask.information, patience: 200).connection == .unanswered)
            let address = try await running.address(of: device)
            let port = running.home.port
            let request = KasaCipher.encrypt(Ask.information.bytes)
            #expect(await datagrams(to: address, port: port, request: request, enough: 1, patience: 100).isEmpty)
            try await eventually("the device is back") {
                try await running.contact(device, Ask.information, patience: 500).reply != nil
            }
            #expect(device.faults.isEmpty)
        }
    }

    @Test
    func aSlowReplyComesLaterAndWhole() async throws {
        try await RunningHome.with(Self.plug) { running in
            try await running.home.order(.slow(milliseconds: 300), on: running.devices[0])
            let start = ContinuousClock.now
            let contact = try await running.contact(running.devices[0], Ask.information)
            #expect(ContinuousClock.now - start >= .milliseconds(300))
            #expect(contact.reply?["system"]?["get_sysinfo"]?["err_code"] == 0)
        }
    }

    @Test
    func aResetComesInTheMiddleOfTheReply() async throws {
        try await RunningHome.with(Self.plug) { running in
            try await running.home.order(.reset, on: running.devices[0])
            let contact = try await running.contact(running.devices[0], Ask.information)
            #expect(contact.connection == .made)
            #expect(contact.end == .reset)
            #expect(contact.reply == nil)
        }
    }

    @Test
    func aWrongLengthIsAnnounced() async throws {
        try await RunningHome.with(Self.plug) { running in
            try await running.home.order(.wrongLength(0x7FFF_FFFF), on: running.devices[0])
            let contact = try await running.contact(running.devices[0], Ask.information, patience: 200)
            #expect(contact.received.prefix(4) == [0x7F, 0xFF, 0xFF, 0xFF])
            #expect(contact.end == .quiet)
        }
    }

    @Test(arguments: [Fault.garbage, .truncatedJSON])
    func whatComesInAFrameIsNoJSON(fault: Fault) async throws {
        try await RunningHome.with(Self.plug) { running in
            try await running.home.order(fault, on: running.devices[0])
            let contact = try await running.contact(running.devices[0], Ask.information)
            #expect(contact.end == .open)
            #expect(contact.received.count > 100)
            #expect(contact.reply == nil)
        }
    }

    @Test
    func anAcknowledgedCommandSwitchesNothing() async throws {
        try await RunningHome.with(Self.plug) { running in
            try await running.home.order(.ignoresCommands, on: running.devices[0])
            let contact = try await running.contact(running.devices[0], Ask.turnOn, Ask.information)
            #expect(contact.replies[0]["system"]?["set_relay_state"] == ["err_code": 0])
            #expect(contact.replies[1]["system"]?["get_sysinfo"]?["relay_state"] == 0)
            #expect(!running.devices[0].isOn)
        }
    }

    @Test
    func anErrorCodeIsGivenForEverything() async throws {
        try await RunningHome.with(Self.plug) { running in
            try await running.home.order(.errorCode(-7), on: running.devices[0])
            let contact = try await running.contact(running.devices[0], Ask.turnOn)
            #expect(contact.reply?["system"]?["set_relay_state"]?["err_code"] == -7)
            #expect(!running.devices[0].isOn)
        }
    }

    @Test
    func theConnectionClosesAfterTheReply() async throws {
        try await RunningHome.with(Self.plug) { running in
            try await running.home.order(.closesAfterReply, on: running.devices[0])
            let contact = try await running.contact(running.devices[0], Ask.information, Ask.time)
            #expect(contact.replies.count == 1)
            #expect(contact.end != .open)
        }
    }

    @Test
    func aStaleReplyIsThatToTheRequestBefore() async throws {
        try await RunningHome.with(Self.plug) { running in
            let before = try await running.contact(running.devices[0], Ask.time)
            try await running.home.order(.staleReply, on: running.devices[0], times: 1)
            let contact = try await running.contact(running.devices[0], Ask.turnOn, Ask.information)
            #expect(contact.replies[0] == before.reply)
            #expect(contact.replies[1]["system"]?["get_sysinfo"]?["relay_state"] == 1)
        }
    }

    @Test
    func aReplyInPiecesArrivesInManyReads() async throws {
        try await RunningHome.with(Self.plug) { running in
            try await running.home.order(.splitReplies(bytes: 50), on: running.devices[0])
            let contact = try await running.contact(running.devices[0], Ask.information)
            #expect(contact.reads > 3)
            #expect(contact.reply?["system"]?["get_sysinfo"]?["err_code"] == 0)
        }
    }

    @Test
    func faultsAddUpAndRunOut() async throws {
        try await RunningHome.with(Self.plug) { running in
            let device = running.devices[0]
            try await running.home.order(.errorCode(-1), on: device, times: 2)
            try await running.home.order(.splitReplies(bytes: 20), on: device, times: 1)
            let contact = try await running.contact(device, Ask.turnOn, Ask.turnOn, Ask.turnOn)
            let codes = contact.replies.map { $0["system"]?["set_relay_state"]?["err_code"]?.integer }
            #expect(codes == [-1, -1, 0])
            #expect(device.faults.isEmpty)
        }
    }

    @Test
    func aFaultForATimeEndsByItself() async throws {
        try await RunningHome.with(Self.plug) { running in
            let device = running.devices[0]
            try await running.home.order(.silence, on: device, for: .milliseconds(100))
            try await eventually("the fault has ended") { device.faults.isEmpty }
            #expect(try await running.contact(device, Ask.information).reply != nil)
        }
    }
}
