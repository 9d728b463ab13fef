extension ReadingValue {
    /// For people: `230.4 V`, `on`, a text, `unknown`.
    package func text(unit: String = "") -> String {
        switch self {
        case .number(let value): unit.isEmpty ? value.text(places: 3) : "\(value.text(places: 3)) \(unit)"
        case .boolean(let value): value ? "on" : "off"
        case .text(let value): value
        case .unknown: "unknown"
        }
    }
}

extension Double {
    /// The number with at most `places` decimals and no zeros at its end.
    package func text(places: Int) -> String {
        guard isFinite, abs(self) < 1e15 else { return "\(self)" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let rounded = (self * scale).rounded() / scale
        return rounded == rounded.rounded() ? "\(Int64(rounded))" : "\(rounded)"
    }
}
