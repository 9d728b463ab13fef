import PluginKit

/// The module by which a light is set. A bulb fades by itself, a light strip does not; else they understand the same.
enum LightService: Sendable {
    case bulb
    case lightStrip

    /// Sets some values; what is not named stays: `on_off`, `brightness` (%), `hue` (°), `saturation` (%),
    /// `color_temp` (K, 0 for a colour).
    func call(_ values: [String: JSON]) -> Call {
        var values = values
        // A bare switch-on brings back the light as it was; anything more must overrule the light's default.
        values["ignore_default"] = values.keys.contains { $0 != "on_off" } ? 1 : 0
        return switch self {
        case .bulb:
            Call(
                module: "smartlife.iot.smartbulb.lightingservice",
                command: "transition_light_state",
                arguments: .object(values)
            )
        case .lightStrip:
            Call(module: "smartlife.iot.lightStrip", command: "set_light_state", arguments: .object(values))
        }
    }
}
