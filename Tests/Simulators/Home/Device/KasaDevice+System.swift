/// The module `system`: who the device is, its state, its relay.
extension KasaDevice {
    mutating func system(_ call: KasaCall) throws(KasaFailure) -> JSON {
        switch call.command {
        case "get_sysinfo": return systemInformation(at: call.moment)
        case "set_relay_state" where !isBulb: switchOutlets(call.outlets, to: try call.flag("state"), at: call.moment)
        case "set_led_off" where !isBulb: isLEDOff = try call.flag("off")
        case "set_dev_alias": try rename(call)
        case "reboot": _ = try call.integer("delay", in: 0...60, default: 1)
        case "get_dev_icon": return ["icon": "", "hash": ""]
        default: throw .memberNotSupported
        }
        return [:]
    }

    private mutating func rename(_ call: KasaCall) throws(KasaFailure) {
        guard let name = call.argument["alias"]?.string, (1...64).contains(name.utf8.count) else {
            throw .invalidArgument
        }
        guard call.hasContext else {
            alias = name
            return
        }
        for index in call.outlets { outlets[index].alias = name }
    }

    private func systemInformation(at moment: Moment) -> JSON {
        var information: JSON = [
            "sw_ver": .string(model.software),
            "hw_ver": .string(model.hardware),
            "model": .string(model.name),
            "deviceId": .string(deviceID),
            "hwId": .string(hardwareID),
            "oemId": .string(makerID),
            "alias": .string(alias),
            "rssi": .integer(signalStrength(at: moment)),
        ]
        for member in dialectFields + stateFields(at: moment) { information[member.key] = member.value }
        return information
    }

    private var dialectFields: [JSON.Member] {
        let plug: JSON = "IOT.SMARTPLUGSWITCH"
        let address = JSON.string(hardwareAddress.joined(separator: ":"))
        let features: JSON = model.meter == nil ? "TIM" : "TIM:ENE"
        let active: JSON = "none"
        let label = model.label.map { JSON.string($0) } ?? .null
        let fields: JSON
        switch model.dialect {
        case .first:
            fields = [
                "type": plug, "mac": address, "feature": features, "active_mode": active, "dev_name": label,
                "fwId": "00000000000000000000000000000000", "icon_hash": "", "updating": 0,
                "latitude": 52.515934, "longitude": 13.377659,
            ]
        case .second:
            fields = [
                "mic_type": plug, "mac": address, "feature": features, "active_mode": active, "dev_name": label,
                "status": "new", "obd_src": "tplink", "ntc_state": 0, "next_action": ["type": -1], "updating": 0,
                "latitude_i": 525_159, "longitude_i": 133_777,
            ]
        case .bulb:
            fields = [
                "mic_type": "IOT.SMARTBULB", "mic_mac": .string(hardwareAddress.joined()), "active_mode": active,
                "description": label, "dev_state": "normal", "disco_ver": "1.0", "heapsize": 290_048,
                "is_factory": false, "ctrl_protocols": ["name": "Linkie", "version": "1.0"],
            ]
        }
        // A strip has no name of its kind, and its outlets have modes of their own.
        return (fields.members ?? []).filter {
            $0.value != .null && !(outlets.count > 1 && ["active_mode", "next_action"].contains($0.key))
        }
    }

    private func stateFields(at moment: Moment) -> [JSON.Member] {
        let led = JSON.Member("led_off", .integer(isLEDOff ? 1 : 0))
        switch model.kind {
        case .plug, .wallSwitch: return relayFields(at: moment) + [led]
        case .dimmer:
            return relayFields(at: moment) + [
                led, JSON.Member("brightness", .integer(brightness)),
                JSON.Member("preferred_state", Self.favouriteBrightness),
            ]
        case .strip:
            let children = outlets.map { outlet in
                [
                    "id": .string(outlet.id), "state": .integer(outlet.isOn ? 1 : 0), "alias": .string(outlet.alias),
                    "on_time": .integer(outlet.secondsOn(at: moment)), "next_action": ["type": -1],
                ] as JSON
            }
            return [
                led, JSON.Member("child_num", .integer(outlets.count)), JSON.Member("children", .array(children)),
            ]
        case .bulb(let bulb):
            return [
                JSON.Member("is_dimmable", 1),
                JSON.Member("is_color", .integer(bulb.hasColour ? 1 : 0)),
                JSON.Member("is_variable_color_temp", .integer(bulb.temperatures == nil ? 0 : 1)),
                JSON.Member("light_state", light?.state ?? [:]),
                JSON.Member("preferred_state", BulbLight.favourites),
            ]
        }
    }

    private func relayFields(at moment: Moment) -> [JSON.Member] {
        [
            JSON.Member("relay_state", .integer(outlets[0].isOn ? 1 : 0)),
            JSON.Member("on_time", .integer(outlets[0].secondsOn(at: moment))),
        ]
    }

    private static let favouriteBrightness: JSON = .array(
        [100, 75, 50, 25].enumerated().map { ["index": .integer($0), "brightness": .integer($1)] }
    )
}

extension KasaCall {
    /// An argument of 0 or 1.
    func flag(_ key: String) throws(KasaFailure) -> Bool {
        try integer(key, in: 0...1) == 1
    }

    /// A number of a range. A device refuses what is missing (unless there is a usual value), no number, or beyond.
    func integer(
        _ key: String,
        in range: ClosedRange<Int>,
        default usual: Int? = nil
    ) throws(KasaFailure) -> Int {
        guard let value = argument[key]?.integer ?? usual, range.contains(value) else { throw .invalidArgument }
        return value
    }
}
