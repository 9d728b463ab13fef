/// What distinguishes one Kasa product from another, as the replies of real ones show it. Versions and texts are those
/// of recorded devices of the same model.
package struct KasaModel: Sendable {
    /// With the region, as `get_sysinfo` says it: `HS110(EU)`.
    package let name: String
    let hardware: String
    let software: String
    /// `dev_name` of plugs, `description` of bulbs. Strips have none.
    let label: String?
    let kind: Kind
    let meter: Meter?
    let dialect: Dialect

    package enum Kind: Sendable, Equatable {
        case plug
        case wallSwitch
        case dimmer
        case strip(outlets: Int)
        case bulb(Bulb)
    }

    package struct Bulb: Sendable, Equatable {
        let hasColour: Bool
        /// In kelvin; nil for a bulb of one white.
        let temperatures: ClosedRange<Int>?
        /// What it draws at full brightness.
        let watts: Double
    }

    /// The keys of `get_realtime`.
    package enum Meter: Sendable {
        /// `current, power, total, voltage` in A, W, kWh and V.
        case wholeUnits
        /// `current_ma, power_mw, total_wh, voltage_mv`.
        case milliUnits
        /// The same and `slot_id`: a strip.
        case milliUnitsPerSlot
        /// `power_mw` alone: a bulb.
        case powerOnly
    }

    /// How firmware of an age names things in `get_sysinfo`.
    package enum Dialect: Sendable {
        /// `type`, `latitude`, `fwId`.
        case first
        /// `mic_type`, `latitude_i`, `status`, `next_action`.
        case second
        /// `mic_type`, `mic_mac` and a light state.
        case bulb
    }
}

extension KasaModel {
    package static let hs100 = KasaModel(
        name: "HS100(UK)",
        hardware: "1.0",
        software: "1.2.6 Build 200727 Rel.120236",
        label: "Wi-Fi Smart Plug",
        kind: .plug,
        meter: nil,
        dialect: .first
    )
    package static let hs103 = KasaModel(
        name: "HS103(US)",
        hardware: "2.1",
        software: "1.1.4 Build 210409 Rel.113427",
        label: "Smart Wi-Fi Plug Lite",
        kind: .plug,
        meter: nil,
        dialect: .second
    )
    /// The first HS110: whole units.
    package static let hs110 = KasaModel(
        name: "HS110(EU)",
        hardware: "1.0",
        software: "1.2.5 Build 171213 Rel.101523",
        label: "Wi-Fi Smart Plug With Energy Monitoring",
        kind: .plug,
        meter: .wholeUnits,
        dialect: .first
    )
    /// The HS110 since hardware 2: thousandths.
    package static let hs110Hardware4 = KasaModel(
        name: "HS110(EU)",
        hardware: "4.0",
        software: "1.0.4 Build 191111 Rel.143500",
        label: "Smart Wi-Fi Plug With Energy Monitoring",
        kind: .plug,
        meter: .milliUnits,
        dialect: .second
    )
    package static let kp115 = KasaModel(
        name: "KP115(EU)",
        hardware: "1.0",
        software: "1.0.16 Build 210205 Rel.163735",
        label: "Smart Wi-Fi Plug Mini",
        kind: .plug,
        meter: .milliUnits,
        dialect: .second
    )
    package static let hs200 = KasaModel(
        name: "HS200(US)",
        hardware: "5.0",
        software: "1.0.2 Build 200819 Rel.105309",
        label: "Smart Wi-Fi Light Switch",
        kind: .wallSwitch,
        meter: nil,
        dialect: .second
    )
    package static let hs220 = KasaModel(
        name: "HS220(US)",
        hardware: "1.0",
        software: "1.5.7 Build 180912 Rel.104837",
        label: "Smart Wi-Fi Dimmer",
        kind: .dimmer,
        meter: nil,
        dialect: .second
    )
    package static let hs300 = KasaModel(
        name: "HS300(US)",
        hardware: "2.0",
        software: "1.0.12 Build 220121 Rel.175814",
        label: nil,
        kind: .strip(outlets: 6),
        meter: .milliUnitsPerSlot,
        dialect: .second
    )
    package static let kp303 = KasaModel(
        name: "KP303(UK)",
        hardware: "1.0",
        software: "1.0.3 Build 191105 Rel.113122",
        label: nil,
        kind: .strip(outlets: 3),
        meter: nil,
        dialect: .second
    )
    package static let kl130 = KasaModel(
        name: "KL130(EU)",
        hardware: "1.0",
        software: "1.8.8 Build 190613 Rel.123436",
        label: "Smart Wi-Fi LED Bulb with Color Changing",
        kind: .bulb(Bulb(hasColour: true, temperatures: 2_500...9_000, watts: 10.8)),
        meter: .powerOnly,
        dialect: .bulb
    )
    package static let lb100 = KasaModel(
        name: "LB100(US)",
        hardware: "1.0",
        software: "1.8.11 Build 191113 Rel.105336",
        label: "Smart Wi-Fi LED Bulb with Dimmable Light",
        kind: .bulb(Bulb(hasColour: false, temperatures: nil, watts: 7)),
        meter: .powerOnly,
        dialect: .bulb
    )

    /// What is plugged in when nobody says it.
    var usualAppliance: Appliance { if case .bulb = kind { .lamp } else { .nothing } }

    /// Every model, the newest hardware of a name last.
    package static let all = [hs100, hs103, hs110, hs110Hardware4, kp115, hs200, hs220, hs300, kp303, kl130, lb100]
}
