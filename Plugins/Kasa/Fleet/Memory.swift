import PluginKit

/// The devices that were seen before, kept over restarts: a device that is away now is still shown, and one that no
/// broadcast reaches is found again where it was.
struct Memory: Sendable {
    /// A remembered device.
    struct Entry: Sendable {
        let info: SystemInfo
        let address: String
    }

    private static let indexKey = "devices"
    private let host: Host

    init(_ host: Host) {
        self.host = host
    }

    /// What is remembered. What cannot be read is forgotten: the next discovery finds it again.
    func entries() -> [String: Entry] {
        var entries: [String: Entry] = [:]
        for id in identities {
            guard
                let stored = try? host.state.value(JSON.self, for: Self.key(id)),
                let address = stored["address"].text
            else { continue }
            let info = SystemInfo(stored["info"])
            if info.identity == id { entries[id] = Entry(info: info, address: address) }
        }
        return entries
    }

    func remember(_ info: SystemInfo, at address: String) {
        guard let id = info.identity else { return }
        let entry: JSON = ["address": .text(address), "info": info.summary]
        keep { try host.state.set(entry, for: Self.key(id)) }
        if !identities.contains(id) { keepIdentities(identities + [id]) }
    }

    func forget(_ id: String) {
        keep { try host.state.remove(Self.key(id)) }
        keepIdentities(identities.filter { $0 != id })
    }

    private var identities: [String] {
        (try? host.state.value([String].self, for: Self.indexKey)) ?? []
    }

    private func keepIdentities(_ ids: [String]) {
        keep { try host.state.set(ids.sorted(), for: Self.indexKey) }
    }

    private func keep(_ change: () throws -> Void) {
        do {
            try change()
        } catch {
            host.log.warning("the known devices could not be kept for the next start: \(error)")
        }
    }

    private static func key(_ id: String) -> String { "device/\(id)" }
}
