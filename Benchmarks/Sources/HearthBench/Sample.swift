/// Many durations of the same thing.
struct Sample {
    private var sorted: [Double]

    init(_ durations: [Duration]) {
        sorted = durations.map { $0 / .microseconds(1) }.sorted()
    }

    /// In microseconds; `share` is in 0...1. Zero if nothing was measured.
    func quantile(_ share: Double) -> Double {
        guard let last = sorted.indices.last else { return 0 }
        return sorted[min(last, Int(Double(sorted.count) * share))]
    }

    /// A JSON object, all in microseconds.
    var json: String {
        "{\"p50\": \(quantile(0.5)), \"p99\": \(quantile(0.99)), \"runs\": \(sorted.count)}"
    }
}
