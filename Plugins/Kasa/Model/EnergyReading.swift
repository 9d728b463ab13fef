import PluginKit

/// What an energy meter measures (`get_realtime`), in W, V, A and kWh.
///
/// Older plugs answer in these units, newer ones in thousandths with other names, and bulbs know only their power.
struct EnergyReading: Hashable, Sendable {
    var power: Double?
    var voltage: Double?
    var current: Double?
    var total: Double?

    init(power: Double? = nil, voltage: Double? = nil, current: Double? = nil, total: Double? = nil) {
        self.power = power
        self.voltage = voltage
        self.current = current
        self.total = total
    }

    init(_ answer: JSON) {
        func value(_ name: String, orThousandths thousandths: String) -> Double? {
            answer[name].number ?? answer[thousandths].number.map { $0 / 1000 }
        }
        power = value("power", orThousandths: "power_mw")
        voltage = value("voltage", orThousandths: "voltage_mv")
        current = value("current", orThousandths: "current_ma")
        total = value("total", orThousandths: "total_wh")
    }
}

extension EnergyReading {
    /// What a strip uses in all: its outlets' sums. They share one voltage, so that has none.
    init(sumOf outlets: some Collection<EnergyReading>) {
        func sum(_ values: [Double?]) -> Double? {
            let known = values.compactMap(\.self)
            return known.count == values.count && !known.isEmpty ? known.reduce(0, +) : nil
        }
        self.init(
            power: sum(outlets.map(\.power)),
            current: sum(outlets.map(\.current)),
            total: sum(outlets.map(\.total))
        )
    }
}
