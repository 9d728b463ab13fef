/// An IPv4 address.
package struct IPv4Address: Sendable, Hashable, CustomStringConvertible {
    package let value: UInt32

    package init(value: UInt32) { self.value = value }

    /// Four decimal numbers with dots.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { UInt8($0) }
        guard parts.count == 4, bytes.count == 4 else { return nil }
        value = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    package var description: String {
        [24, 16, 8, 0].map { String(value >> UInt32($0) & 255) }.joined(separator: ".")
    }
}

/// The network of a home, on loopback: `127.77.10.0/24`.
package struct IPv4Network: Sendable, CustomStringConvertible {
    private let base: UInt32
    private let prefix: UInt32

    /// - Returns: nil for what is no network inside 127.0.0.0/8 with 2 hosts or more: homes never leave loopback.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPv4Address(String(parts[0])), let prefix = UInt32(parts[1]),
            (8...30).contains(prefix), address.value >> 24 == 127
        else { return nil }
        self.prefix = prefix
        base = address.value & ~(UInt32.max >> prefix)
    }

    /// The last address: a request to it reaches every device.
    package var broadcast: IPv4Address { IPv4Address(value: base | UInt32.max >> prefix) }

    /// The addresses for devices, in order. Those that end in 0 or 255 are left out: they look like broadcasts.
    package var hosts: some Sequence<IPv4Address> {
        (base + 1..<broadcast.value).lazy.filter { $0 & 255 != 0 && $0 & 255 != 255 }
            .map { IPv4Address(value: $0) }
    }

    package func contains(_ address: IPv4Address) -> Bool {
        address.value & ~(UInt32.max >> prefix) == base
    }

    package var description: String { "\(IPv4Address(value: base))/\(prefix)" }
}
