import PluginKit

/// What a device says about itself (`system.get_sysinfo`).
///
/// Every field may be missing: models and firmwares differ, and nothing here is documented by the vendor.
struct SystemInfo: Hashable, Sendable {
    /// Forty hexadecimal digits that stay with the device for life.
    var deviceID: String?
    /// The name that its owner gave it.
    var alias: String?
    /// Such as `HS110(EU)`.
    var model: String?
    /// Such as `IOT.SMARTPLUGSWITCH`. Half of the models write it in `mic_type`.
    var type: String?
    /// What the vendor calls it, such as `Smart Wi-Fi Dimmer`. Strips and bulbs leave it out.
    var productName: String?
    var firmware: String?
    /// `TIM`, `ENE` (it has an energy meter).
    var features: Set<String>
    /// The strength of its Wi-Fi signal in dBm.
    var signal: Int?
    /// Strips have none: their outlets have.
    var isOn: Bool?
    /// Of a dimmer, in percent.
    var brightness: Int?
    var isStatusLightOn: Bool?
    /// Of a strip; nil if the device says nothing of outlets.
    var outlets: [Outlet]?
    /// Of a bulb or light strip.
    var light: LightState?
    var isColor: Bool
    var isDimmable: Bool
    var hasColorTemperature: Bool
    /// The number of segments of a light strip.
    var length: Int?

    init(_ answer: JSON) {
        deviceID = answer["deviceId"].text
        alias = answer["alias"].nonemptyText
        model = answer["model"].nonemptyText
        type = answer["type"].nonemptyText ?? answer["mic_type"].nonemptyText
        productName = answer["dev_name"].nonemptyText
        firmware = answer["sw_ver"].nonemptyText
        features = Set((answer["feature"].text ?? "").split(separator: ":").map(String.init))
        signal = answer["rssi"].integer
        isOn = answer["relay_state"].flag
        brightness = answer["brightness"].integer
        isStatusLightOn = answer["led_off"].flag.map { !$0 }
        outlets = answer["children"].array?.compactMap(Outlet.init)
        light = answer["light_state"].object.map { _ in LightState(answer["light_state"]) }
        isColor = answer["is_color"].flag ?? false
        isDimmable = answer["is_dimmable"].flag ?? false
        hasColorTemperature = answer["is_variable_color_temp"].flag ?? false
        length = answer["length"].integer
    }

    /// What to call it in sentences.
    var name: String { alias ?? model ?? deviceID ?? "unnamed device" }
}

/// One outlet of a strip.
struct Outlet: Hashable, Sendable {
    /// Echoed to the device as it gave it: two digits or the whole device id with two digits more, by firmware.
    let id: String
    var alias: String?
    var isOn: Bool?

    init?(_ answer: JSON) {
        guard let id = answer["id"].nonemptyText else { return nil }
        self.id = id
        alias = answer["alias"].nonemptyText
        isOn = answer["state"].flag
    }
}

extension JSON {
    /// A flag, which devices write as 0 or 1.
    var flag: Bool? { boolean ?? integer.map { $0 != 0 } }

    fileprivate var nonemptyText: String? { text.flatMap { $0.isEmpty ? nil : $0 } }
}
