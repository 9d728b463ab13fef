import PluginKit

/// What a bulb or light strip shows, or would show if it were on.
struct LightState: Hashable, Sendable {
    var isOn: Bool?
    /// 0…100 %.
    var brightness: Int?
    /// 0…360°.
    var hue: Int?
    /// 0…100 %.
    var saturation: Int?
    /// In kelvin; 0 while it shows a colour.
    var colorTemperature: Int?

    init(_ answer: JSON) {
        isOn = answer["on_off"].flag
        // While it is off, the values that it will come back with sit one level deeper.
        let values = isOn == false && answer["dft_on_state"].object != nil ? answer["dft_on_state"] : answer
        brightness = values["brightness"].integer
        hue = values["hue"].integer
        saturation = values["saturation"].integer
        colorTemperature = values["color_temp"].integer
    }
}
