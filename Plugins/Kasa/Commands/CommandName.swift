import PluginKit

/// The commands of devices, under the names that users type.
enum CommandName: String, CaseIterable, Sendable {
    case turnOn = "turn-on"
    case turnOff = "turn-off"
    case toggle
    case setBrightness = "set-brightness"
    case setColor = "set-color"
    case setColorTemperature = "set-color-temperature"
    case setLED = "set-led"

    func isOffered(by abilities: Abilities) -> Bool {
        switch self {
        case .turnOn, .turnOff, .toggle: true
        case .setBrightness: abilities.isDimmable
        case .setColor: abilities.isColor
        case .setColorTemperature: abilities.colorTemperatures != nil
        case .setLED: abilities.hasStatusLight
        }
    }

    var title: String {
        switch self {
        case .turnOn: "Turn on"
        case .turnOff: "Turn off"
        case .toggle: "Toggle"
        case .setBrightness: "Set the brightness"
        case .setColor: "Set the colour"
        case .setColorTemperature: "Set the colour temperature"
        case .setLED: "Switch the status light"
        }
    }

    /// The arguments it takes.
    var argumentNames: [String] {
        switch self {
        case .turnOn, .turnOff, .toggle: []
        case .setBrightness: ["brightness"]
        case .setColor: ["hue", "saturation", "brightness"]
        case .setColorTemperature: ["temperature"]
        case .setLED: ["on"]
        }
    }

    /// The JSON Schema of its arguments, nil if it takes none.
    func schema(for abilities: Abilities) -> JSON? {
        let percent: JSON = ["type": "integer", "minimum": 1, "maximum": 100, "x-unit": "%"]
        switch self {
        case .turnOn, .turnOff, .toggle:
            return nil
        case .setBrightness:
            return Self.object(["brightness": percent], required: ["brightness"])
        case .setColor:
            return Self.object(
                [
                    "hue": ["type": "integer", "minimum": 0, "maximum": 360, "x-unit": "°"],
                    "saturation": ["type": "integer", "minimum": 0, "maximum": 100, "x-unit": "%"],
                    "brightness": percent,
                ],
                required: ["hue", "saturation"]
            )
        case .setColorTemperature:
            let range = abilities.colorTemperatures ?? 0...0
            return Self.object(
                [
                    "temperature": [
                        "type": "integer", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound),
                        "x-unit": "K",
                    ]
                ],
                required: ["temperature"]
            )
        case .setLED:
            return Self.object(["on": ["type": "boolean"]], required: ["on"])
        }
    }

    private static func object(_ properties: [String: JSON], required: [JSON]) -> JSON {
        [
            "type": "object",
            "properties": .object(properties),
            "required": .array(required),
            "additionalProperties": false,
        ]
    }
}
