/// What is known of a device after a poll.
struct Snapshot: Hashable, Sendable {
    var info: SystemInfo
    /// What the device's own meter says, nil if it has none or did not say.
    var energy: EnergyReading?
    /// What the meters of a strip's outlets say, by outlet id.
    var outletEnergy: [String: EnergyReading] = [:]

    var abilities: Abilities { Abilities(info) }
}

/// A value that a device measures or a state that it is in. The raw values are for ever: histories hang on them.
enum Quantity: String, CaseIterable, Sendable {
    case on
    case brightness
    case colorTemperature = "color_temperature"
    case hue
    case saturation
    case power
    case voltage
    case current
    case energy
    case led
    case signal

    var unit: String {
        switch self {
        case .on, .led: ""
        case .brightness, .saturation: "%"
        case .colorTemperature: "K"
        case .hue: "°"
        case .power: "W"
        case .voltage: "V"
        case .current: "A"
        case .energy: "kWh"
        case .signal: "dBm"
        }
    }

    var title: String {
        switch self {
        case .on: "On"
        case .brightness: "Brightness"
        case .colorTemperature: "Colour temperature"
        case .hue: "Hue"
        case .saturation: "Saturation"
        case .power: "Power"
        case .voltage: "Voltage"
        case .current: "Current"
        case .energy: "Energy in total"
        case .led: "Status light"
        case .signal: "Wi-Fi signal"
        }
    }

    var isSwitch: Bool { self == .on || self == .led }
}

/// One value of a ``Quantity``.
enum Value: Hashable, Sendable {
    case number(Double)
    case flag(Bool)
    /// Nobody knows at present.
    case unknown
}

extension Snapshot {
    /// What the device itself says, without its outlets.
    var values: [Quantity: Value] {
        var values = Self.values(of: energy ?? totalEnergy)
        values[.on] = info.isOn(outlet: nil).map(Value.flag) ?? .unknown
        values[.brightness] = (info.light?.brightness ?? info.brightness).map(Value.init)
        if abilities.isColor {
            values[.hue] = info.light?.hue.map(Value.init)
            values[.saturation] = info.light?.saturation.map(Value.init)
        }
        if abilities.colorTemperatures != nil {
            // Zero means that it shows a colour.
            values[.colorTemperature] = info.light?.colorTemperature.flatMap { $0 > 0 ? Value($0) : nil }
        }
        values[.led] = info.isStatusLightOn.map(Value.flag)
        values[.signal] = info.signal.map(Value.init)
        return values
    }

    /// What one outlet of a strip says.
    func values(of outlet: Outlet) -> [Quantity: Value] {
        var values = Self.values(of: outletEnergy[outlet.id])
        values[.on] = outlet.isOn.map(Value.flag) ?? .unknown
        return values
    }

    private var totalEnergy: EnergyReading? {
        guard let outlets = info.outlets, !outlets.isEmpty, outletEnergy.count == outlets.count else { return nil }
        return EnergyReading(sumOf: outletEnergy.values)
    }

    private static func values(of energy: EnergyReading?) -> [Quantity: Value] {
        var values: [Quantity: Value] = [:]
        values[.power] = energy?.power.map(Value.number)
        values[.voltage] = energy?.voltage.map(Value.number)
        values[.current] = energy?.current.map(Value.number)
        values[.energy] = energy?.total.map(Value.number)
        return values
    }
}

extension Value {
    fileprivate init(_ number: Int) { self = .number(Double(number)) }
}
