/// What a device can do and measure, told from what it says about itself.
struct Abilities: Hashable, Sendable {
    var kind: Kind
    /// The module of its energy meter, nil if it has none.
    var meter: String?
    /// How its light is set, nil if it has none.
    var light: LightService?
    var isDimmable: Bool
    var isColor: Bool
    /// In kelvin, nil if the colour temperature is fixed.
    var colorTemperatures: ClosedRange<Int>?
    var hasStatusLight: Bool

    /// What every outlet of a strip can do; whether it is metered is the strip's to know.
    static let outlet = Abilities(kind: .outlet)

    private init(kind: Kind) {
        self.kind = kind
        isDimmable = false
        isColor = false
        hasStatusLight = false
    }

    init(_ info: SystemInfo) {
        kind = info.kind
        light = kind == .bulb ? (info.length == nil ? .bulb : .lightStrip) : nil
        if light != nil {
            // Every bulb measures its power, though none says so.
            meter = "smartlife.iot.common.emeter"
        } else if info.features.contains("ENE") {
            meter = "emeter"
        }
        isDimmable = kind == .dimmer || (light != nil && info.isDimmable)
        isColor = light != nil && info.isColor
        colorTemperatures = light != nil && info.hasColorTemperature ? Self.colorTemperatures(of: info.model) : nil
        hasStatusLight = info.isStatusLightOn != nil
    }

    /// The vendor's data sheets; a model that is not listed gets the range that all of them have.
    private static func colorTemperatures(of model: String?) -> ClosedRange<Int> {
        let model = model ?? ""
        func isOneOf(_ prefixes: String...) -> Bool { prefixes.contains { model.hasPrefix($0) } }
        if isOneOf("LB130", "LB230", "KB130", "KL130", "KL135", "KL4") { return 2500...9000 }
        if isOneOf("KL125") { return 2500...6500 }
        if isOneOf("LB120", "KL120(EU)") { return 2700...6500 }
        return 2700...5000
    }
}
