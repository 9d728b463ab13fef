import PluginKit

extension SystemInfo {
    /// What is worth remembering of a device that may be away after a restart, in the words that devices use: reading it
    /// gives the same kind, abilities and names, and no state.
    var summary: JSON {
        var summary: JSON = ["feature": .text(features.sorted().joined(separator: ":"))]
        summary["deviceId"] = deviceID.map(JSON.text) ?? .null
        summary["alias"] = alias.map(JSON.text) ?? .null
        summary["model"] = model.map(JSON.text) ?? .null
        summary["mic_type"] = type.map(JSON.text) ?? .null
        summary["dev_name"] = productName.map(JSON.text) ?? .null
        summary["sw_ver"] = firmware.map(JSON.text) ?? .null
        summary["length"] = length.map { JSON($0) } ?? .null
        summary["led_off"] = isStatusLightOn == nil ? .null : 0
        summary["light_state"] = light == nil ? .null : [:]
        summary["is_color"] = isColor ? 1 : 0
        summary["is_dimmable"] = isDimmable ? 1 : 0
        summary["is_variable_color_temp"] = hasColorTemperature ? 1 : 0
        summary["children"] = outlets.map { .array($0.map(\.summary)) } ?? .null
        return summary
    }
}

extension Outlet {
    fileprivate var summary: JSON {
        var summary: JSON = ["id": .text(id)]
        summary["alias"] = alias.map(JSON.text) ?? .null
        return summary
    }
}
