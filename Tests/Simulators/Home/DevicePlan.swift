/// A device to put into a home.
package struct DevicePlan: Sendable {
    package let model: KasaModel
    package let alias: String
    package let appliances: [Appliance]
    package let outletNames: [String]
    package let isOn: Bool

    /// `appliances` are what is plugged in, outlet by outlet; the rest stays empty. `outletNames` are those of a
    /// strip's outlets; the rest is `Plug N`.
    package init(
        _ model: KasaModel,
        _ alias: String,
        appliances: [Appliance] = [],
        outletNames: [String] = [],
        isOn: Bool = false
    ) {
        self.model = model
        self.alias = alias
        self.appliances = appliances
        self.outletNames = outletNames
        self.isOn = isOn
    }

    func makeDevice(seed: UInt64, at moment: Moment) -> KasaDevice {
        KasaDevice(
            model,
            alias: alias,
            appliances: appliances,
            outletNames: outletNames,
            isOn: isOn,
            seed: seed,
            at: moment
        )
    }
}

extension [DevicePlan] {
    /// The home that `homesim run` shows: one of each kind.
    package static let demo = [
        DevicePlan(.hs110, "Heater", appliances: [.heater], isOn: true),
        DevicePlan(.kl130, "Living room lamp", isOn: true),
        DevicePlan(
            .hs300,
            "Desk strip",
            appliances: [.monitor, .computer, .charger],
            outletNames: ["Monitor", "Computer", "Charger"],
            isOn: true
        ),
        DevicePlan(.hs200, "Hall switch"),
        DevicePlan(.hs220, "Bedroom dimmer"),
        DevicePlan(.kp115, "Fridge", appliances: [.fridge], isOn: true),
    ]

    /// Two plugs: the least that shows a reading and a switch.
    package static let small = [
        DevicePlan(.hs110, "Heater", appliances: [.heater], isOn: true),
        DevicePlan(.hs103, "Floor lamp"),
    ]

    /// One device of every model the simulator knows.
    package static let everyModel = KasaModel.all.enumerated().map { index, model in
        DevicePlan(model, "Device \(index + 1)", appliances: [.lamp, .monitor, .charger], isOn: true)
    }

    /// Many plugs with meters, for measurements.
    package static func plugs(_ count: Int) -> [DevicePlan] {
        (1...Swift.max(1, count)).map { number in
            let appliance = Appliance.allCases[number % Appliance.allCases.count]
            return DevicePlan(.hs110Hardware4, "Plug \(number)", appliances: [appliance], isOn: true)
        }
    }
}
