/// The meter of one outlet: power now, energy per day and in total. It is brought up to a moment by `advance`.
struct EnergyMeter: Sendable {
    private let appliance: Appliance
    private let noise: Noise
    private let firstDay: Int
    private var advancedTo: Double
    private var measured: [Int: Double] = [:]
    private var remembersHistory = true

    /// Watt-hours since the last reset.
    private(set) var totalWattHours: Double

    /// How many days before the simulation began the meter remembers.
    private static let rememberedDays = 60

    init(appliance: Appliance, noise: Noise, at moment: Moment) {
        self.appliance = appliance
        self.noise = noise
        firstDay = moment.day
        advancedTo = moment.wallSeconds
        totalWattHours = 0
        measured[firstDay] = usualWattHours(onDay: firstDay) * moment.fractionOfDay
        totalWattHours = (firstDay - Self.rememberedDays...firstDay).reduce(0) { $0 + wattHours(onDay: $1) }
    }

    /// What the meter itself and its relay use is all that flows when the outlet is off.
    func watts(isOn: Bool, at moment: Moment) -> Double {
        isOn ? appliance.watts(at: moment.wallSeconds, noise: noise) : standbyWatts
    }

    /// The mains in volts: 230 and a little.
    func volts(at moment: Moment) -> Double {
        230.4 + 1.8 * Noise(seed: 0).signed(Int(moment.wallSeconds / 20)) + 0.2 * noise.signed(Int(moment.wallSeconds))
    }

    private var standbyWatts: Double { appliance == .heater ? 0.4 : 0 }

    /// Adds what was drawn since the last call, with the outlet on or off for all of that time.
    mutating func advance(to moment: Moment, isOn: Bool) {
        let gap = moment.wallSeconds - advancedTo
        guard gap > 0 else { return }
        // A long sleep is summed in coarser steps: the sum stays plausible and cheap.
        let steps = min(1_000, max(1, Int(gap / 5)))
        let step = gap / Double(steps)
        for index in 0..<steps {
            var middle = moment
            middle.wallSeconds = advancedTo + (Double(index) + 0.5) * step
            let wattHours = watts(isOn: isOn, at: middle) * step / 3_600
            measured[middle.day, default: 0] += wattHours
            totalWattHours += wattHours
        }
        advancedTo = moment.wallSeconds
    }

    mutating func erase() {
        totalWattHours = 0
        measured = [:]
        remembersHistory = false
    }

    /// The energy of one day since 1970 in Wh.
    func wattHours(onDay day: Int) -> Double {
        if let wattHours = measured[day] { return wattHours }
        guard remembersHistory, day < firstDay, day >= firstDay - Self.rememberedDays else { return 0 }
        return usualWattHours(onDay: day)
    }

    /// The days with an entry, oldest first.
    func days(until moment: Moment) -> ClosedRange<Int> {
        (remembersHistory ? firstDay - Self.rememberedDays : firstDay)...max(firstDay, moment.day)
    }

    private func usualWattHours(onDay day: Int) -> Double {
        appliance.usualDay * 1_000 * (1 + 0.3 * noise.signed(day))
    }
}
