import PluginKit

/// The devices that were seen before, kept over restarts: a device that is away now is still shown, and one that no
/// broadcast reaches is found again where it was.
struct Memory: Sendable {
    /// A remembered device.
    struct Entry: Sendable {
        let info: SystemInfo
        let address: String
    }

    /// Values of the host's state are small, and there may be a thousand devices: each goes into one of a few groups.
    private static let groups = 64

    private let host: Host

    init(_ host: Host) {
        self.host = host
    }

    /// What is remembered. What cannot be read is forgotten: the next discovery finds it again.
    func entries() -> [String: Entry] {
        var entries: [String: Entry] = [:]
        for group in 0..<Self.groups {
            for (id, stored) in devices(of: group) {
                guard let address = stored["address"].text else { continue }
                let info = SystemInfo(stored["info"])
                if info.identity == id { entries[id] = Entry(info: info, address: address) }
            }
        }
        return entries
    }

    func remember(_ info: SystemInfo, at address: String) {
        guard let id = info.identity else { return }
        change(id) { $0[id] = ["address": .text(address), "info": info.summary] }
    }

    func forget(_ id: String) {
        change(id) { $0[id] = nil }
    }

    private func change(_ id: String, _ body: (inout [String: JSON]) -> Void) {
        let group = id.utf8.reduce(0) { ($0 * 31 + Int($1)) % Self.groups }
        var devices = devices(of: group)
        body(&devices)
        do {
            try host.state.set(JSON.object(devices), for: Self.key(group))
        } catch {
            host.log.warning("the known devices could not be kept for the next start: \(error)")
        }
    }

    private func devices(of group: Int) -> [String: JSON] {
        let stored = try? host.state.value(JSON.self, for: Self.key(group))
        return stored?.object ?? [:]
    }

    private static func key(_ group: Int) -> String { "devices/\(group)" }
}
