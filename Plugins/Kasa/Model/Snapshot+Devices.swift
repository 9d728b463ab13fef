import PluginKit

extension Snapshot {
    /// The device and its outlets as the host gets to know them. Empty if the device gives no usable id.
    ///
    /// `address` is where it is reached, `names` what the user calls some of them instead, by device id.
    func devices(at address: String, names: [String: String]) -> [Device] {
        guard let id = info.identity else { return [] }
        let device = Device(
            id: id,
            name: names[id] ?? info.name,
            kind: abilities.kind.rawValue,
            model: info.model,
            address: address,
            firmware: info.firmware,
            entities: Self.entities(quantities),
            commands: abilities.commands
        )
        return [device] + outletDevices(of: device, names: names)
    }

    private func outletDevices(of strip: Device, names: [String: String]) -> [Device] {
        (info.outlets ?? []).enumerated().compactMap { index, outlet in
            guard let id = info.identity(of: outlet) else { return nil }
            return Device(
                id: id,
                name: names[id] ?? outlet.alias ?? "\(strip.name) \(index + 1)",
                kind: Kind.outlet.rawValue,
                model: strip.model,
                parent: strip.id,
                address: strip.address,
                entities: Self.entities(values(of: outlet).keys.union([.on])),
                commands: Abilities.outlet.commands
            )
        }
    }

    /// What the device has readings of, also while it is off or has not been asked.
    private var quantities: Set<Quantity> {
        var quantities = values.keys.union([.on, .signal])
        if abilities.isDimmable { quantities.insert(.brightness) }
        if abilities.isColor { quantities.formUnion([.hue, .saturation]) }
        if abilities.colorTemperatures != nil { quantities.insert(.colorTemperature) }
        return quantities
    }

    private static func entities(_ quantities: Set<Quantity>) -> [Device.Entity] {
        Quantity.allCases.filter(quantities.contains).map { quantity in
            Device.Entity(
                quantity.rawValue,
                quantity.isSwitch ? .boolean : .number,
                unit: quantity.unit.isEmpty ? nil : quantity.unit,
                name: quantity.title
            )
        }
    }

    /// Everything that is known, as readings of the device and its outlets.
    func readings(at time: Timestamp) -> [Reading] {
        guard let id = info.identity else { return [] }
        var readings = Self.readings(id, values, time)
        for outlet in info.outlets ?? [] {
            guard let outletID = info.identity(of: outlet) else { continue }
            readings += Self.readings(outletID, values(of: outlet), time)
        }
        return readings
    }

    /// That nobody knows which state the device and its outlets are in.
    func unknownReadings(at time: Timestamp) -> [Reading] {
        guard let id = info.identity else { return [] }
        let ids = [id] + (info.outlets ?? []).compactMap { info.identity(of: $0) }
        return ids.map { Reading($0, Quantity.on.rawValue, .unknown, at: time) }
    }

    private static func readings(_ device: String, _ values: [Quantity: Value], _ time: Timestamp) -> [Reading] {
        Quantity.allCases.compactMap { quantity in
            values[quantity].map { value in
                Reading(device, quantity.rawValue, value.reading, unit: quantity.unit, at: time)
            }
        }
    }
}

extension Value {
    fileprivate var reading: Reading.Value {
        switch self {
        case .number(let number): .number(number)
        case .flag(let flag): .boolean(flag)
        case .unknown: .unknown
        }
    }
}

extension Dictionary.Keys where Element == Quantity {
    fileprivate func union(_ others: Set<Quantity>) -> Set<Quantity> { Set(self).union(others) }
}

extension Abilities {
    fileprivate var commands: [Device.Action] {
        CommandName.allCases.filter { $0.isOffered(by: self) }.map { $0.action(for: self) }
    }
}

extension CommandName {
    fileprivate func action(for abilities: Abilities) -> Device.Action {
        Device.Action(rawValue, title: title, arguments: schema(for: abilities) ?? .null)
    }
}
