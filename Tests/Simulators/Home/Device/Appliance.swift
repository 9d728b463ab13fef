/// What is plugged into an outlet: it decides how much is drawn, and when.
package enum Appliance: String, Sendable, CaseIterable {
    case heater
    case fridge
    case computer
    case monitor
    case lamp
    case printer
    case charger
    case nothing

    /// Watts drawn at a time of the wall clock while the outlet is on.
    func watts(at wallSeconds: Double, noise: Noise) -> Double {
        // Mains and load wander slowly: a new value every five seconds.
        let wobble = noise.signed(Int(wallSeconds / 5))
        switch self {
        case .heater: return 1_500 + 18 * wobble
        case .fridge: return fridgeWatts(at: wallSeconds, noise: noise, wobble: wobble)
        case .computer: return 68 + 24 * wobble
        case .monitor: return 31 + 1.5 * wobble
        case .lamp: return 9 + 0.2 * wobble
        case .printer: return 4.2 + 0.3 * wobble
        case .charger: return 11 + 4 * wobble
        case .nothing: return 0
        }
    }

    /// Kilowatt-hours of a usual day, for the days before the simulation began.
    var usualDay: Double {
        switch self {
        case .heater: 6.4
        case .fridge: 0.72
        case .computer: 0.55
        case .monitor: 0.21
        case .lamp: 0.045
        case .printer: 0.1
        case .charger: 0.06
        case .nothing: 0
        }
    }

    /// The compressor runs 14 of every 42 minutes and takes more for its first seconds.
    private func fridgeWatts(at wallSeconds: Double, noise: Noise, wobble: Double) -> Double {
        let period = 42 * 60.0
        let shifted = wallSeconds + noise.unit(0) * period
        let phase = shifted.truncatingRemainder(dividingBy: period)
        guard phase < 14 * 60 else { return 2.1 + 0.1 * wobble }
        return (phase < 3 ? 240 : 92) + 3 * wobble
    }
}
