/// The modules of lamps: `smartlife.iot.smartbulb.lightingservice` of bulbs, `smartlife.iot.dimmer` of dimmers.
extension KasaDevice {
    mutating func lighting(_ call: KasaCall) throws(KasaFailure) -> JSON {
        guard var light else { throw .memberNotSupported }
        switch call.command {
        case "get_light_state":
            return light.state
        case "transition_light_state":
            guard light.apply(call.argument) else { throw .invalidArgument }
            self.light = light
            outlets[0].setOn(light.isOn, at: call.moment)
            return light.state
        case "get_light_details":
            return [
                "lamp_beam_angle": 150, "min_voltage": 110, "max_voltage": 120,
                "wattage": .integer(Int(light.bulb.watts)), "incandescent_equivalent": 60, "max_lumens": 800,
                "color_rendering_index": 80,
            ]
        case "get_default_behavior":
            return ["soft_on": ["mode": "last_status"], "hard_on": ["mode": "last_status"]]
        default:
            throw .memberNotSupported
        }
    }

    mutating func dimmer(_ call: KasaCall) throws(KasaFailure) -> JSON {
        switch call.command {
        case "set_brightness":
            brightness = try call.integer("brightness", in: 1...100)
        case "set_dimmer_transition":
            let target = try call.integer("brightness", in: 0...100)
            _ = try call.integer("duration", in: 1...60_000)
            if target > 0 { brightness = target }
            switchOutlets([0], to: target > 0, at: call.moment)
        case "set_switch_state":
            switchOutlets([0], to: try call.flag("state"), at: call.moment)
        case "get_dimmer_parameters":
            return dimmerParameters
        case "get_default_behavior":
            return [
                "soft_on": ["mode": "last_status"], "hard_on": ["mode": "last_status"],
                "long_press": ["mode": "instant_on_off"], "double_click": ["mode": "gentle_on_off"],
            ]
        default:
            guard let setting = Self.dimmerSettings[call.command] else { throw .memberNotSupported }
            dimmerParameters[setting.field] = .integer(try call.integer(setting.key, in: setting.range))
        }
        return [:]
    }

    static let usualDimmerParameters: JSON = [
        "minThreshold": 11, "fadeOnTime": 1_000, "fadeOffTime": 1_000, "gentleOnTime": 3_000,
        "gentleOffTime": 10_000, "rampRate": 30, "bulb_type": 1,
    ]

    /// The commands that set one field of `get_dimmer_parameters`: the argument's key, the field, the range.
    private static let dimmerSettings: [String: (key: String, field: String, range: ClosedRange<Int>)] = [
        "calibrate_brightness": ("minThreshold", "minThreshold", 0...51),
        "set_fade_on_time": ("fadeTime", "fadeOnTime", 0...10_000),
        "set_fade_off_time": ("fadeTime", "fadeOffTime", 0...10_000),
        "set_gentle_on_time": ("duration", "gentleOnTime", 0...120_000),
        "set_gentle_off_time": ("duration", "gentleOffTime", 0...120_000),
        "set_button_ramp_rate": ("rampRate", "rampRate", 10...50),
    ]
}
