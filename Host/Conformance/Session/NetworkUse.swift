/// The sockets of one process, as `/proc` lists them.
struct NetworkUse: Sendable, Equatable {
    /// Ports on which it waits for TCP connections.
    var listening: Set<UInt16> = []
    /// Ports of others to which it is connected.
    var tcp: Set<UInt16> = []
    var udp: Set<UInt16> = []

    /// - Parameters:
    ///   - process: Its number.
    ///   - descriptors: What its descriptors lead to: `socket:[123]`.
    init(of process: Int32, descriptors: [String]) {
        let sockets = Set(descriptors)
        for family in ["tcp", "tcp6"] {
            add(Self.rows(FileBytes.text("/proc/\(process)/net/\(family)") ?? "", of: sockets), isTCP: true)
        }
        for family in ["udp", "udp6"] {
            add(Self.rows(FileBytes.text("/proc/\(process)/net/\(family)") ?? "", of: sockets), isTCP: false)
        }
    }

    init() {}

    /// One line of `/proc/net/tcp`: ports, and the state as a number.
    struct Row: Equatable {
        var localPort: UInt16
        var remotePort: UInt16
        var state: UInt8
    }

    private static let isListening: UInt8 = 0x0A

    mutating func add(_ rows: [Row], isTCP: Bool) {
        if isTCP { listening.formUnion(rows.filter { $0.state == Self.isListening }.map(\.localPort)) }
        for row in rows where row.remotePort != 0 && !(isTCP && listening.contains(row.localPort)) {
            if isTCP { tcp.insert(row.remotePort) } else { udp.insert(row.remotePort) }
        }
    }

    /// The lines of these sockets in a table as proc(5) describes it. Pure.
    static func rows(_ table: String, of sockets: Set<String>) -> [Row] {
        table.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 9, sockets.contains("socket:[\(fields[9])]"), let local = port(fields[1]),
                let remote = port(fields[2]), let state = UInt8(fields[3], radix: 16)
            else { return nil }
            return Row(localPort: local, remotePort: remote, state: state)
        }
    }

    private static func port(_ address: Substring) -> UInt16? {
        address.split(separator: ":").last.flatMap { UInt16($0, radix: 16) }
    }
}
