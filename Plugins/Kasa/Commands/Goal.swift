import PluginKit

/// The state that an order shall lead to: what is sent, and what must be read back before it counts as done.
struct Goal: Hashable, Sendable {
    let order: Order
    /// The outlet of a strip that is meant, by the id the device gave it; nil for the device itself.
    let outlet: String?

    /// `info` is the state before, which settles a toggle once and for all: repeated, it would undo itself.
    init(_ order: Order, outlet: String?, from info: SystemInfo) {
        self.order = order == .toggle ? .power(!(info.isOn(outlet: outlet) ?? false)) : order
        self.outlet = outlet
    }

    /// What to send, in this order, each after the answer to the one before.
    func queries(for info: SystemInfo) -> [Query] {
        let abilities = Abilities(info)
        switch order {
        case .power(let isOn):
            if let outlet { return [Query(.relay(isOn), child: outlet)] }
            if let light = abilities.light { return [Query(light.call(["on_off": isOn ? 1 : 0]))] }
            if let outlets = info.outlets { return outlets.map { Query(.relay(isOn), child: $0.id) } }
            return [Query(.relay(isOn))]
        case .toggle:
            return []
        case .brightness(let brightness):
            if let light = abilities.light {
                return [Query(light.call(["on_off": 1, "brightness": JSON(brightness)]))]
            }
            return [Query(.dim(to: brightness)), Query(.relay(true))]
        case .color(let hue, let saturation, let brightness):
            var values: [String: JSON] = [
                "on_off": 1, "hue": JSON(hue), "saturation": JSON(saturation), "color_temp": 0,
            ]
            values["brightness"] = brightness.map { JSON($0) }
            return abilities.light.map { [Query($0.call(values))] } ?? []
        case .colorTemperature(let kelvin):
            return abilities.light.map { [Query($0.call(["on_off": 1, "color_temp": JSON(kelvin)]))] } ?? []
        case .statusLight(let isOn):
            return [Query(.statusLight(isOn))]
        }
    }

    /// What differs between the goal and the device's state, in words; nil once the goal is reached.
    func difference(to info: SystemInfo) -> String? {
        switch order {
        case .power(let isOn):
            return difference("", isOn, info.isOn(outlet: outlet, all: isOn))
        case .toggle:
            return nil
        case .brightness(let brightness):
            return difference("", true, info.isOn(outlet: nil))
                ?? difference("brightness ", brightness, info.light?.brightness ?? info.brightness, "%")
        case .color(let hue, let saturation, let brightness):
            return difference("", true, info.isOn(outlet: nil))
                ?? difference("hue ", hue % 360, info.light?.hue.map { $0 % 360 }, "°")
                ?? difference("saturation ", saturation, info.light?.saturation, "%")
                ?? brightness.flatMap { difference("brightness ", $0, info.light?.brightness, "%") }
        case .colorTemperature(let kelvin):
            return difference("", true, info.isOn(outlet: nil))
                ?? difference("colour temperature ", kelvin, info.light?.colorTemperature, " K")
        case .statusLight(let isOn):
            return difference("status light ", isOn, info.isStatusLightOn)
        }
    }

    private func difference(_ what: String, _ expected: Bool, _ actual: Bool?) -> String? {
        guard actual != expected else { return nil }
        func word(_ isOn: Bool) -> String { isOn ? "on" : "off" }
        return "expected \(what)\(word(expected)), device says \(actual.map(word) ?? "nothing")"
    }

    private func difference(_ what: String, _ expected: Int, _ actual: Int?, _ unit: String) -> String? {
        guard actual != expected else { return nil }
        return "expected \(what)\(expected)\(unit), device says \(actual.map { "\($0)\(unit)" } ?? "nothing")"
    }
}

extension SystemInfo {
    /// Whether the device, or that outlet of it, is on; nil if it does not say. A strip is on while any outlet is, or,
    /// if `all` is asked for, only while all are.
    func isOn(outlet id: String?, all: Bool = false) -> Bool? {
        if let id { return outlets?.first { $0.id == id }?.isOn }
        if let light { return light.isOn }
        guard let outlets else { return isOn }
        let states = outlets.compactMap(\.isOn)
        guard states.count == outlets.count, !states.isEmpty else { return nil }
        return all ? states.allSatisfy(\.self) : states.contains(true)
    }
}
