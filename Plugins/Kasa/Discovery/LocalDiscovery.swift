import PluginKit

/// Discovery on UDP port 9999: the question of questions, sent to everybody; each device answers for itself.
enum LocalDiscovery {
    static let port: UInt16 = 9999

    static let question = Cipher.encrypt(Query.systemInfo.bytes)

    /// What a device says about itself in a datagram, nil if it is none of this protocol.
    static func read(_ datagram: [UInt8]) -> SystemInfo? {
        guard let reply = try? Reply(Cipher.decrypt(datagram), to: .systemInfo) else { return nil }
        return (try? reply.results.first?.get()).map(SystemInfo.init)
    }
}
