/// The lamp of a bulb and what it was last set to.
package struct BulbLight: Sendable {
    let bulb: KasaModel.Bulb
    package internal(set) var isOn: Bool
    /// 0 to 100 in per cent.
    package private(set) var brightness = 100
    /// In kelvin; 0 while a colour is shown.
    package private(set) var temperature: Int
    /// 0 to 360 degrees.
    package private(set) var hue = 0
    /// 0 to 100 in per cent.
    package private(set) var saturation = 0

    init(_ bulb: KasaModel.Bulb, isOn: Bool) {
        self.bulb = bulb
        self.isOn = isOn
        temperature = 2_700
    }

    var watts: Double { isOn ? 0.6 + (bulb.watts - 0.6) * Double(brightness) / 100 : 0.3 }

    /// `transition_light_state`: everything is optional, and a value out of its range changes nothing.
    ///
    /// - Returns: False when a value is out of range.
    mutating func apply(_ argument: JSON) -> Bool {
        var next = self
        for (key, range) in ranges {
            guard let value = argument[key] else { continue }
            guard let number = value.integer, range.contains(number) else { return false }
            next.set(key, to: number)
        }
        self = next
        return true
    }

    private var ranges: [(String, ClosedRange<Int>)] {
        var ranges = [("on_off", 0...1), ("brightness", 0...100)]
        if bulb.hasColour { ranges += [("hue", 0...360), ("saturation", 0...100)] }
        if let temperatures = bulb.temperatures { ranges.append(("color_temp", 0...temperatures.upperBound)) }
        return ranges
    }

    private mutating func set(_ key: String, to number: Int) {
        switch key {
        case "on_off": isOn = number == 1
        case "brightness": brightness = number
        case "hue":
            hue = number
            temperature = 0
        case "saturation":
            saturation = number
            temperature = 0
        default:
            temperature = number
            // White has no colour: the device forgets the last one.
            if number > 0 {
                hue = 0
                saturation = 0
            }
        }
    }

    /// `light_state` of `get_sysinfo`: the values sit one level deeper while the lamp is off.
    var state: JSON {
        let values: [JSON.Member] = [
            JSON.Member("mode", "normal"),
            JSON.Member("hue", .integer(hue)),
            JSON.Member("saturation", .integer(saturation)),
            JSON.Member("color_temp", .integer(temperature)),
            JSON.Member("brightness", .integer(brightness)),
        ]
        let on = JSON.Member("on_off", .integer(isOn ? 1 : 0))
        return .object(isOn ? [on] + values : [on, JSON.Member("dft_on_state", .object(values))])
    }

    /// `preferred_state`: four favourites that the app offers.
    static let favourites: JSON = .array(
        [(50, 2_700, 0, 0), (20, 0, 0, 75), (100, 0, 120, 75), (100, 0, 240, 75)].enumerated().map { index, values in
            [
                "index": .integer(index), "hue": .integer(values.2), "saturation": .integer(values.3),
                "color_temp": .integer(values.1), "brightness": .integer(values.0),
            ]
        }
    )
}
