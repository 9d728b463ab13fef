/// How a reply travels: what is sent, when, in which pieces, and what becomes of the connection.
struct Delivery: Sendable, Equatable {
    enum Ending: Sendable {
        case keepsOpen
        case closes
        case resets
    }

    var segments: [[UInt8]]
    var delayMilliseconds = 0
    var ending = Ending.keepsOpen

    static let nothing = Delivery(segments: [])

    /// The device cannot make sense of what it got, and hangs up.
    static let hangUp = Delivery(segments: [], ending: .closes)
}

extension Delivery {
    /// A reply, which is JSON text, with its faults. Over TCP it is framed; a datagram knows no reset and no pieces.
    /// Garbage is made of `noise`.
    init(of reply: [UInt8], faults: [Fault], isFramed: Bool, noise: Noise) {
        var text = reply
        var announced: UInt32?
        var garbage: [UInt8]?
        var pieceSize: Int?
        var ending = Ending.keepsOpen
        var delay = 0
        for fault in faults {
            switch fault {
            case .slow(let milliseconds): delay += milliseconds
            case .reset: ending = .resets
            case .wrongLength(let length): announced = length
            case .garbage: garbage = text.indices.map { UInt8(truncatingIfNeeded: noise.bits($0)) }
            case .truncatedJSON: text = Array(text.prefix(text.count / 2))
            case .closesAfterReply where ending == .keepsOpen: ending = .closes
            case .splitReplies(let bytes): pieceSize = bytes
            case .silence, .refuse, .unreachable:
                self = .nothing
                return
            default: break
            }
        }
        let plain = garbage ?? text
        guard isFramed else {
            self.init(segments: [garbage ?? KasaCipher.encrypt(plain)], delayMilliseconds: delay)
            return
        }
        var bytes = KasaFrame.encode(plain, announcing: announced)
        if ending == .resets { bytes = Array(bytes.prefix(bytes.count / 2)) }
        self.init(segments: Self.pieces(of: bytes, size: pieceSize), delayMilliseconds: delay, ending: ending)
    }

    private static func pieces(of bytes: [UInt8], size: Int?) -> [[UInt8]] {
        guard let size else { return [bytes] }
        return stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
    }
}
