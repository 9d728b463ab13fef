import PluginKit

/// What the user wants of a device, with valid arguments.
enum Order: Hashable, Sendable {
    case power(Bool)
    case toggle
    /// 1…100 %.
    case brightness(Int)
    /// Hue in degrees, saturation in percent, and brightness in percent unless it stays as it is.
    case color(hue: Int, saturation: Int, brightness: Int?)
    /// In kelvin.
    case colorTemperature(Int)
    /// The small status light of a plug.
    case statusLight(Bool)
}

extension Order {
    /// Reads a command as the host hands it over.
    ///
    /// - Throws: `PluginError` with a sentence that says which argument is wrong and what would be right.
    init(command: String, arguments: JSON, abilities: Abilities, deviceName: String) throws(PluginError) {
        let name = CommandName(rawValue: command)
        guard let name, name.isOffered(by: abilities) else {
            let offered = CommandName.allCases.filter { $0.isOffered(by: abilities) }.map(\.rawValue)
            throw .unsupported(
                "“\(deviceName)” has no command “\(command)”; it has \(offered.joined(separator: ", "))"
            )
        }
        let arguments = try Arguments(arguments, of: name)
        switch name {
        case .turnOn: self = .power(true)
        case .turnOff: self = .power(false)
        case .toggle: self = .toggle
        case .setBrightness:
            self = .brightness(try arguments.required("brightness", in: 1...100))
        case .setColor:
            self = .color(
                hue: try arguments.required("hue", in: 0...360),
                saturation: try arguments.required("saturation", in: 0...100),
                brightness: try arguments.optional("brightness", in: 1...100)
            )
        case .setColorTemperature:
            let range = abilities.colorTemperatures ?? 0...0
            self = .colorTemperature(try arguments.required("temperature", in: range, unit: " K"))
        case .setLED:
            self = .statusLight(try arguments.required("on"))
        }
    }

    /// What the order is about. Of two orders about the same thing the later one counts.
    var subject: Subject {
        switch self {
        case .power, .toggle, .brightness, .color, .colorTemperature: .light
        case .statusLight: .statusLight
        }
    }

    enum Subject: Hashable, Sendable {
        /// The relay, or the light and all about it: each of them may switch it on.
        case light
        case statusLight
    }
}
