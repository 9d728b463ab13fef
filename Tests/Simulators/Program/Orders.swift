import ArgumentParser
import HomeSimulator

struct FaultCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault",
        abstract: "Order a fault of a device.",
        discussion: "Faults add up until 'homesim clear'. There are:\n\n"
            + Fault.guide.map { "  \($0)" }.joined(separator: "\n")
    )

    @Argument(help: "A device by name or address.")
    var device: String

    @Argument(help: "The fault.")
    var fault: String

    @Argument(help: "Its value, for those that take one.")
    var value: Int?

    @Option(name: .customLong("for"), help: "It ends by itself after this time: 500ms, 30s, 2m.")
    var duration: Seconds?

    @Option(help: "It ends by itself after so many requests.")
    var times: Int?

    @OptionGroup var options: ControlOptions

    func run() async throws {
        var order: JSON = ["command": "fault", "device": .string(device), "fault": .string(fault)]
        order["value"] = value.map { .integer($0) }
        order["seconds"] = duration.map { .double($0.value) }
        order["times"] = times.map { .integer($0) }
        _ = try await options.send(order)
        let end = duration.map { " for \($0.value) s" } ?? times.map { " for \($0) requests" } ?? " until cleared"
        print("\(device): \(Fault(name: fault, value: value)?.description ?? fault)\(end)")
    }
}

struct Clear: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Take the faults of a device away, or of all.")

    @Argument(help: "A device by name or address; all without it.")
    var device: String?

    @OptionGroup var options: ControlOptions

    func run() async throws {
        var order: JSON = ["command": "clear"]
        order["device"] = device.map { .string($0) }
        _ = try await options.send(order)
        print("\(device ?? "all devices"): no faults")
    }
}

struct Press: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Press the button of a device: somebody in the home switches it."
    )

    enum Position: String, ExpressibleByArgument, CaseIterable {
        case on
        case off
    }

    @Argument(help: "A device, or one outlet of a strip: desk-strip/monitor.")
    var device: String

    @Argument var position: Position

    @OptionGroup var options: ControlOptions

    func run() async throws {
        let parts = device.split(separator: "/", maxSplits: 1)
        var order: JSON = ["command": "press", "on": .bool(position == .on)]
        order["device"] = .string(parts.first.map { String($0) } ?? device)
        order["outlet"] = parts.count > 1 ? .string(String(parts[1])) : nil
        _ = try await options.send(order)
        print("\(device): \(position)")
    }
}

struct Move: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give a device another address, as a router does after a power cut."
    )

    @Argument(help: "A device by name or address.")
    var device: String

    @Argument(help: "A free address of the home's network.")
    var address: String

    @OptionGroup var options: ControlOptions

    func run() async throws {
        _ = try await options.send([
            "command": "move", "device": .string(device), "address": .string(address),
        ])
        print("\(device): now at \(address)")
    }
}

/// A time as people type it: `500ms`, `30s`, `2m`, `1h`; a bare number is seconds.
struct Seconds: ExpressibleByArgument {
    let value: Double

    init?(argument: String) {
        let number = argument.prefix { $0.isNumber || $0 == "." }
        let factors = ["": 1, "ms": 0.001, "s": 1, "m": 60, "h": 3_600]
        guard let value = Double(number), let factor = factors[String(argument.dropFirst(number.count))] else {
            return nil
        }
        self.value = value * factor
    }
}
