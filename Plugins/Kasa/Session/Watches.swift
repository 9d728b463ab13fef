/// Turns a value that comes again and again into an alert that is raised once and cleared once.
enum AlertChange: Hashable, Sendable {
    case raise
    case clear
}

/// Watches the strength of a Wi-Fi signal, with some distance between raising and clearing: it wavers.
struct SignalWatch {
    private static let distance = 3

    /// Nil until the first value: an alert of an earlier life may still stand.
    private var isWeak: Bool?

    /// Takes a value in dBm; what is below the threshold is weak.
    mutating func observe(_ signal: Int, threshold: Int) -> AlertChange? {
        let isWeakNow = signal < (isWeak == true ? threshold + Self.distance : threshold)
        guard isWeakNow != isWeak else { return nil }
        isWeak = isWeakNow
        return isWeakNow ? .raise : .clear
    }
}

/// Watches whether a device does what it is told: a failure is alerted once, and the next success arms it again.
struct ObedienceWatch {
    private var isFailing: Bool?

    mutating func observe(success: Bool) -> AlertChange? {
        guard isFailing != !success else { return nil }
        isFailing = !success
        return success ? .clear : .raise
    }
}
