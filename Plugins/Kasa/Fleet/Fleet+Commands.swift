import PluginKit

extension Fleet {
    /// Carries out a command of the plugin itself.
    ///
    /// - Throws: `PluginError`.
    func command(_ command: Command) async throws(PluginError) -> JSON {
        switch command.name {
        case "discover":
            await searchOnce()
            return await figures
        case "forget":
            guard let device = command.arguments["device"].text else {
                throw PluginError(.invalid, "forget needs device, the id of the device to forget")
            }
            try await forget(device)
            return ["forgotten": .text(device)]
        default:
            throw .unsupported("kasa has no command “\(command.name)”; it has discover and forget")
        }
    }

    /// How many devices there are, and where.
    var figures: JSON {
        get async {
            var devices: [JSON] = []
            var online = 0
            for (id, session) in sessions.sorted(by: { $0.key < $1.key }) {
                if await session.presence.isOnline { online += 1 }
                devices.append([
                    "id": .text(id), "name": .text(await session.name), "address": .text(await session.address),
                    "online": .boolean(await session.presence.isOnline),
                ])
            }
            return [
                "devices": .array(devices), "online": JSON(online), "known": JSON(sessions.count),
                "unsupported": .array(
                    newer.sorted { $0.key < $1.key }.map { address, device in
                        [
                            "address": .text(address), "model": .text(device.model),
                            "protocol": .text(device.transport),
                        ]
                    }
                ),
            ]
        }
    }
}
