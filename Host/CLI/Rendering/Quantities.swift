import HostAPI

/// Ages, sizes and values as people read them. All of it pure.
enum Quantity {
    /// `5s`, `3m`, `2h10m`, `4d`: two units where the second still matters, at most.
    static func age(_ duration: Duration) -> String {
        let seconds = max(duration.components.seconds, 0)
        return switch seconds {
        case ..<60: "\(seconds)s"
        case ..<600: seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds / 60)m\(seconds % 60)s"
        case ..<3_600: "\(seconds / 60)m"
        case ..<36_000: seconds / 60 % 60 == 0 ? "\(seconds / 3_600)h" : "\(seconds / 3_600)h\(seconds / 60 % 60)m"
        case ..<172_800: "\(seconds / 3_600)h"
        default: "\(seconds / 86_400)d"
        }
    }

    /// Binary units with one decimal: `812 KiB`, `1.5 MiB`.
    static func bytes(_ count: Int64) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        guard count >= 1_024 else { return "\(count) B" }
        var value = Double(count) / 1_024
        var unit = 0
        while value >= 1_023.95, unit + 1 < units.count {
            value /= 1_024
            unit += 1
        }
        return unit == 0 ? "\(Int(value.rounded())) \(units[unit])" : "\(value.text(places: 1)) \(units[unit])"
    }

    /// "1 device", "3 devices".
    static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
    }
}
