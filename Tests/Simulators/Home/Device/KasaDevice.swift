/// One Kasa device as a pure state machine: a request in, a reply out, the time given. It knows no socket and no fault.
///
/// The modules and commands follow what owners and the python-kasa project wrote down of real devices.
package struct KasaDevice: Sendable {
    package let model: KasaModel
    /// The 40 hexadecimal digits that name the device for its whole life.
    package let deviceID: String
    let hardwareAddress: [String]
    let hardwareID: String
    let makerID: String
    let noise: Noise

    package internal(set) var alias: String
    /// One, or one for each socket of a strip.
    package internal(set) var outlets: [Outlet]
    /// The lamp of a bulb; nil for everything else.
    package internal(set) var light: BulbLight?
    /// 1 to 100 in per cent; of dimmers only.
    package internal(set) var brightness = 50
    var dimmerParameters = KasaDevice.usualDimmerParameters
    var isLEDOff = false
    /// The rules of the modules `schedule` and `anti_theft`. They are kept, not carried out.
    var rules: [String: [JSON]] = [:]
    var nextRule = 1
    /// Adds seconds to the wall clock: somebody set the device's time.
    var clockOffset = 0.0

    /// `appliances` are what is plugged in, outlet by outlet; the rest stays empty. `outletNames` are those of a
    /// strip's outlets; the rest is `Plug N`. Seed and alias decide the ids, the noise and the energy of the past.
    package init(
        _ model: KasaModel,
        alias: String,
        appliances: [Appliance] = [],
        outletNames: [String] = [],
        isOn: Bool = false,
        seed: UInt64 = 1,
        at moment: Moment
    ) {
        let noise = Noise(seed: seed, name: alias)
        self.model = model
        self.alias = alias
        self.noise = noise
        deviceID = "8006" + noise.digits(36, place: 1)
        hardwareID = noise.digits(32, place: 2)
        makerID = noise.digits(32, place: 3)
        hardwareAddress = ["50", "C7", "BF"] + (4...6).map { noise.digits(2, place: $0) }

        let count = if case .strip(let outlets) = model.kind { outlets } else { 1 }
        let name = deviceID
        outlets = (0..<count).map { index in
            Outlet(
                id: count == 1 ? name : name + (index < 10 ? "0" : "") + String(index),
                alias: count == 1 ? alias : index < outletNames.count ? outletNames[index] : "Plug \(index + 1)",
                isOn: isOn,
                meter: model.meter.map { _ in
                    EnergyMeter(
                        appliance: index < appliances.count ? appliances[index] : model.usualAppliance,
                        noise: Noise(seed: seed, name: "\(alias)/\(index)"),
                        at: moment
                    )
                },
                at: moment
            )
        }
        if case .bulb(let bulb) = model.kind { light = BulbLight(bulb, isOn: isOn) }
    }

    /// Any outlet of it is on; for a bulb, the lamp.
    package var isOn: Bool { light?.isOn ?? outlets.contains { $0.isOn } }

    /// Watts drawn now; nil without a meter.
    package func watts(at moment: Moment) -> Double? {
        guard model.meter != nil else { return nil }
        if let light { return light.watts }
        return outlets.reduce(0) { $0 + ($1.meter?.watts(isOn: $1.isOn, at: moment) ?? 0) }
    }

    /// -30 to -90 dBm, of its own level and wandering a little.
    func signalStrength(at moment: Moment) -> Int {
        Int(-52 + 14 * noise.signed(7) + 2 * noise.signed(Int(moment.wallSeconds / 30)))
    }

    /// Brings meters and countdowns up to now.
    package mutating func advance(to moment: Moment) {
        for index in outlets.indices { outlets[index].advance(to: moment) }
        light?.isOn = outlets[0].isOn
    }

    /// Somebody presses the button of the device, or of one outlet of it.
    package mutating func press(_ isOn: Bool, outlet: Int? = nil, at moment: Moment) {
        advance(to: moment)
        switchOutlets(outlet.map { [$0] } ?? Array(outlets.indices), to: isOn, at: moment)
    }

    mutating func switchOutlets(_ indices: [Int], to isOn: Bool, at moment: Moment) {
        for index in indices where outlets.indices.contains(index) {
            outlets[index].setOn(isOn, at: moment)
        }
        light?.isOn = outlets[0].isOn
    }
}

/// One switched socket, or the relay of a switch.
package struct Outlet: Sendable {
    /// What `context.child_ids` names it by: the device id and two digits.
    package let id: String
    package internal(set) var alias: String
    package private(set) var isOn: Bool
    private var changedAt: Double
    var meter: EnergyMeter?
    var countdown: Countdown?

    init(id: String, alias: String, isOn: Bool, meter: EnergyMeter?, at moment: Moment) {
        self.id = id
        self.alias = alias
        self.isOn = isOn
        self.meter = meter
        changedAt = moment.wallSeconds
    }

    /// Seconds since it was switched on; 0 while off.
    func secondsOn(at moment: Moment) -> Int {
        isOn ? max(0, Int(moment.wallSeconds - changedAt)) : 0
    }

    mutating func setOn(_ isOn: Bool, at moment: Moment) {
        guard isOn != self.isOn else { return }
        self.isOn = isOn
        changedAt = moment.wallSeconds
    }

    mutating func advance(to moment: Moment) {
        if let countdown, let due = countdown.due, due <= moment.wallSeconds {
            var then = moment
            then.wallSeconds = due
            meter?.advance(to: then, isOn: isOn)
            setOn(countdown.turnsOn, at: then)
            self.countdown?.due = nil
        }
        meter?.advance(to: moment, isOn: isOn)
    }
}

/// The one rule of `count_down`: switch after a delay.
struct Countdown: Sendable {
    let id: String
    let name: String
    let delay: Int
    let turnsOn: Bool
    /// On the wall clock, in seconds since 1970; nil when it has run or is disabled.
    var due: Double?
}
