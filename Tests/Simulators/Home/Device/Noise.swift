/// Numbers that look random and are a pure function of a seed and a place: the same home at the same time always
/// reads the same. (The mixing steps are those of SplitMix64.)
struct Noise: Sendable {
    let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
    }

    /// A seed for something named, for instance a device.
    init(seed: UInt64, name: String) {
        self.seed = name.utf8.reduce(seed) { Self.mix($0 ^ UInt64($1)) }
    }

    func bits(_ place: Int) -> UInt64 {
        Self.mix(seed &+ UInt64(bitPattern: Int64(place)) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// 0 up to 1.
    func unit(_ place: Int) -> Double { Double(bits(place) >> 11) / 9_007_199_254_740_992 }

    /// -1 up to 1.
    func signed(_ place: Int) -> Double { unit(place) * 2 - 1 }

    /// Upper-case hexadecimal digits, as in a device id.
    func digits(_ count: Int, place: Int) -> String {
        let table = Array("0123456789ABCDEF")
        return String((0..<count).map { table[Int(bits(place &* 1_000 &+ $0) >> 60)] })
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
