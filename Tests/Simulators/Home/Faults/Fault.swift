/// Something that goes wrong with a device, to order.
package enum Fault: Sendable, Equatable {
    /// Connections are accepted and requests never answered.
    case silence
    /// The port is closed: "connection refused".
    case refuse
    /// The device has no power: a connection attempt gets no answer at all and times out.
    case unreachable
    /// Each reply comes this much later.
    case slow(milliseconds: Int)
    /// Half of a reply, then a TCP reset.
    case reset
    /// The length in front of a reply is this, not its own.
    case wrongLength(UInt32)
    /// Random bytes of the right length instead of a reply.
    case garbage
    /// The first half of the JSON text, framed as if it were all.
    case truncatedJSON
    /// Commands are acknowledged and not carried out.
    case ignoresCommands
    /// Every command fails with this `err_code`.
    case errorCode(Int)
    /// The device closes the connection after each reply, as some plugs do.
    case closesAfterReply
    /// Each request gets the reply to the one before.
    case staleReply
    /// Replies come in pieces of so many bytes, each in a segment of its own.
    case splitReplies(bytes: Int)

    /// It concerns the port itself, not what is said on it.
    var concernsPort: Bool { self == .refuse || self == .unreachable }
}

/// The faults by the names that people type.
extension Fault {
    /// One line for each fault: its name, the meaning of its value, and its usual value.
    private static let table: [(name: String, unit: String?, make: @Sendable (Int?) -> Fault)] = [
        ("silence", nil, { _ in .silence }),
        ("refuse", nil, { _ in .refuse }),
        ("unreachable", nil, { _ in .unreachable }),
        ("slow", "ms, usually 500", { .slow(milliseconds: min(max($0 ?? 500, 0), 3_600_000)) }),
        ("reset", nil, { _ in .reset }),
        ("wrong-length", "bytes, usually 2147483647", { .wrongLength(UInt32(clamping: $0 ?? 2_147_483_647)) }),
        ("garbage", nil, { _ in .garbage }),
        ("truncated", nil, { _ in .truncatedJSON }),
        ("ignores-commands", nil, { _ in .ignoresCommands }),
        ("error", "err_code, usually -3", { .errorCode($0 ?? -3) }),
        ("closes", nil, { _ in .closesAfterReply }),
        ("stale", nil, { _ in .staleReply }),
        ("split", "bytes, usually 1", { .splitReplies(bytes: max(1, $0 ?? 1)) }),
    ]

    package static var names: [String] { table.map { $0.name } }

    /// Each name, with what its value means where it takes one.
    package static var guide: [String] {
        table.map { entry in entry.unit.map { "\(entry.name) [\($0)]" } ?? entry.name }
    }

    /// - Returns: nil for a name that is none.
    package init?(name: String, value: Int? = nil) {
        guard let entry = Self.table.first(where: { $0.name == name }) else { return nil }
        self = entry.make(value)
    }

    package var description: String {
        switch self {
        case .silence: "silence"
        case .refuse: "refuse"
        case .unreachable: "unreachable"
        case .slow(let milliseconds): "slow \(milliseconds) ms"
        case .reset: "reset"
        case .wrongLength(let length): "wrong-length \(length)"
        case .garbage: "garbage"
        case .truncatedJSON: "truncated"
        case .ignoresCommands: "ignores-commands"
        case .errorCode(let code): "error \(code)"
        case .closesAfterReply: "closes"
        case .staleReply: "stale"
        case .splitReplies(let bytes): "split \(bytes)"
        }
    }
}
