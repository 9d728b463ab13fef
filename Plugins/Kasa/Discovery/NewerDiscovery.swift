import PluginKit

/// Discovery on UDP port 20002, which devices with newer firmware answer instead of the one on port 9999.
///
/// They speak encrypted protocols that need the owner's account. They are recognised to tell their owner why they do not
/// answer here.
enum NewerDiscovery {
    static let port: UInt16 = 20_002

    /// The header of a message without a body: version 2, discovery, a checksum that covers it.
    static let question: [UInt8] = [
        0x02, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46, 0x3c, 0xb5, 0xd3,
    ]

    private static let headerSize = 16

    /// What a device says about itself in a datagram, nil if it is none of this protocol.
    static func read(_ datagram: [UInt8]) -> NewerDevice? {
        guard datagram.count > headerSize, let answer = try? JSON(parsing: Array(datagram[headerSize...])) else {
            return nil
        }
        let result = answer["result"]
        guard result.object != nil else { return nil }
        return NewerDevice(
            model: result["device_model"].text ?? "unknown model",
            transport: result["mgt_encrypt_schm"]["encrypt_type"].text ?? "encrypted"
        )
    }
}

/// A device that speaks one of the newer protocols.
struct NewerDevice: Hashable, Sendable {
    /// Such as `KP125M(US)`.
    let model: String
    /// `KLAP`, `AES` or `TPAP`.
    let transport: String
}
