import PluginKit

extension Fleet {
    /// What all switching off may take together. The host waits 5 s for a plugin to stop.
    private static let stopBudget = Duration.seconds(4)

    /// How hard it is tried in that time.
    private static let stopPolicy = CommandPolicy(
        attempts: 3,
        retryPause: .milliseconds(200),
        contact: .seconds(1),
        settle: .milliseconds(100),
        verify: .seconds(1)
    )

    /// Switches off the devices that the settings want off when the plugin stops, all at once. ``run()`` has returned.
    func switchOff() async {
        let devices = settings.devicesToSwitchOff
        guard !devices.isEmpty else { return }
        await withTaskGroup { group in
            for device in devices { group.addTask { await self.switchOff(device) } }
            group.addTask { [time] in
                _ = try? await time.sleep(for: Self.stopBudget)
                return false
            }
            var left = devices.count
            while left > 0, await group.next() == true { left -= 1 }
            group.cancelAll()
        }
        for session in sessions.values { await session.link.close() }
    }

    /// Returns true, whatever came of it: what failed is logged and alerted.
    private func switchOff(_ device: String) async -> Bool {
        guard let session = await session(of: device) else {
            host.log.warning("the device “\(device)” is to be switched off when the plugin stops, but was never seen")
            return true
        }
        let command = Command(device: device, name: CommandName.turnOff.rawValue)
        _ = try? await session.perform(command, on: device, policy: Self.stopPolicy)
        return true
    }
}
