import HomeSimulator
import Testing

/// A device with a clock that the test turns. It begins on 21 November 2026, 12:00.
struct TimedDevice {
    var device: KasaDevice
    var seconds: Double

    private static let noon = 1_795_262_400.0

    init(
        _ model: KasaModel,
        appliances: [Appliance] = [],
        outletNames: [String] = [],
        isOn: Bool = false,
        seed: UInt64 = 1
    ) {
        seconds = Self.noon
        device = KasaDevice(
            model,
            alias: "Test",
            appliances: appliances,
            outletNames: outletNames,
            isOn: isOn,
            seed: seed,
            at: Moment(seconds: Self.noon)
        )
    }

    mutating func reply(_ request: JSON) -> JSON? {
        device.reply(to: request, at: Moment(seconds: seconds))
    }

    /// The reply to one command.
    mutating func call(_ module: String, _ command: String, _ argument: JSON, children: [JSON]? = nil) throws -> JSON {
        var request: JSON = [:]
        request["context"] = children.map { ["child_ids": .array($0)] }
        request[module] = .object([JSON.Member(command, argument)])
        return try #require(reply(request)?[module]?[command])
    }

    mutating func information() throws -> JSON {
        try call("system", "get_sysinfo", nil)
    }
}
