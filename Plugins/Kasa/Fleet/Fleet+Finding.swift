import PluginKit

extension Fleet {
    /// The least time between two searches, however many devices go away.
    private static let leastPause = Duration.seconds(10)

    /// How often an address is tried that nobody put into the settings.
    private static let triesOfStrangers = 3

    /// Searches at the interval of the settings, and earlier when a device goes away or the settings change.
    func searchRegularly() async {
        while !Task.isCancelled {
            if settings.discoveryInterval != nil { await searchOnce() }
            do {
                try await time.sleep(for: Self.leastPause)
            } catch {
                return
            }
            await searchPause.sleep(for: (settings.discoveryInterval ?? .seconds(86_400)) - Self.leastPause)
        }
    }

    /// Searches the network for devices, which takes five seconds.
    func searchOnce() async {
        do {
            try await Scan(of: settings.discoveryAddresses + settings.hosts).run { finding in
                switch finding {
                case .device(let info, let address): await sighted(info, at: address)
                case .newer(let device, let address): await sighted(device, at: address)
                }
            }
        } catch {
            if !Task.isCancelled { host.log.warning("the search for devices failed: \(error)") }
        }
        reportStatus()
    }

    /// A device does not answer where it was: it may be elsewhere.
    func searchAgain() async {
        searchPause.end()
        var reached: Set<String> = []
        for session in sessions.values { reached.insert(await session.address) }
        for host in settings.hosts where !reached.contains(host) { look(for: host) }
    }

    /// Asks a host of the settings who it is, until it answers.
    func ask(_ host: String) async {
        defer { looking.remove(host) }
        let link = Link(to: host)
        var presence = Presence()
        while !Task.isCancelled, presence.failures < Self.triesOfStrangers || settings.hosts.contains(host) {
            do throws(ExchangeError) {
                let answer = try await link.ask(.systemInfo, within: settings.commandPolicy.contact)
                await link.close()
                return await sighted(SystemInfo(try answer.value()), at: host)
            } catch {
                let reason = newer[host].flatMap { error == .refused ? .newerProtocol($0.transport) : nil } ?? error
                if presence.failed() == .wentOffline {
                    self.host.log.warning("no device found at \(host): \(reason)")
                }
                let pause = presence.pause(interval: settings.pollInterval, chance: .random(in: 0..<1))
                _ = try? await time.sleep(for: pause)
            }
        }
    }
}
