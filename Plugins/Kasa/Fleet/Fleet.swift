import PluginKit

/// All devices: finds them, remembers them, and hands each its commands.
actor Fleet {
    enum Event: Sendable {
        /// A device to be polled from now on.
        case begin(DeviceSession)
        /// An address or name of the settings to be asked until it answers.
        case look(String)
        /// The network to be searched, now.
        case search
        case session(String, DeviceSession.Event)
    }

    let host: Host
    let time: any TimeSource
    let reporter: Reporter
    let memory: Memory
    var settings: Settings
    var sessions: [String: DeviceSession] = [:]
    /// What speaks a newer protocol, by address.
    var newer: [String: NewerDevice] = [:]
    /// Hosts of the settings that are being asked until they answer.
    var looking: Set<String> = []
    let searchPause: Nap
    private var offline: Set<String> = []
    private let events: AsyncStream<Event>
    private let post: AsyncStream<Event>.Continuation

    init(host: Host, settings: Settings, time: any TimeSource, activity: ActivityLog) {
        self.host = host
        self.settings = settings
        self.time = time
        reporter = Reporter(host: host, activity: activity)
        memory = Memory(host)
        searchPause = Nap(time)
        (events, post) = AsyncStream.makeStream()
    }

    /// Works until the task is cancelled. To be called once.
    func run() async {
        for (id, entry) in memory.entries() { begin(id, entry.info, at: entry.address) }
        for host in settings.hosts { look(for: host) }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.searchRegularly() }
            for await event in events {
                switch event {
                case .begin(let session): group.addTask { await session.run() }
                case .look(let host): group.addTask { await self.ask(host) }
                case .search: group.addTask { await self.searchOnce() }
                case .session(let id, let event): await handle(event, of: id)
                }
            }
        }
    }

    /// Takes new settings: what is polled goes on, with the new numbers.
    func apply(_ settings: Settings) async {
        let old = self.settings
        self.settings = settings
        for session in sessions.values { await session.apply(settings) }
        for host in settings.hosts where !old.hosts.contains(host) { look(for: host) }
        // At once, beside a search that may be under way at the old addresses: somebody is waiting.
        if settings.discoveryAddresses != old.discoveryAddresses { post.yield(.search) }
        searchPause.end()
    }

    /// A device said who it is, at that address.
    func sighted(_ info: SystemInfo, at address: String) async {
        guard let id = info.identity else {
            host.log.debug("what answers at \(address) gives no usable device id; it is passed over")
            return
        }
        newer[address] = nil
        if let session = sessions[id] {
            await session.sighted(at: address)
        } else {
            let model = info.model ?? "unknown model"
            host.log.info("found “\(info.name)” (\(model)) at \(address)", ["device": .text(id)])
            begin(id, info, at: address)
            memory.remember(info, at: address)
        }
    }

    /// Something answered that speaks a newer protocol.
    func sighted(_ device: NewerDevice, at address: String) async {
        for session in sessions.values where await session.address == address { await session.sighted(device) }
        guard newer.updateValue(device, forKey: address) == nil, await !isReached(at: address) else { return }
        host.log.warning(
            "\(address) is a \(device.model) that speaks the newer \(device.transport) protocol, which is not supported yet"
        )
    }

    /// The session of a device or an outlet.
    func session(of device: String) async -> DeviceSession? {
        if let session = sessions[device] { return session }
        for session in sessions.values where await session.ids.contains(device) { return session }
        return nil
    }

    /// Forgets a device: it is polled no longer, and its history stays.
    ///
    /// - Throws: `PluginError` if there is no such device.
    func forget(_ device: String) async throws(PluginError) {
        guard let session = sessions.removeValue(forKey: device) else {
            throw PluginError(.invalid, "there is no device “\(device)” here; `hostctl devices` shows the ids")
        }
        let ids = await session.ids
        await session.end()
        memory.forget(device)
        offline.remove(device)
        for id in ids { host.devices.remove(id) }
        reportStatus()
    }

    func look(for host: String) {
        guard looking.insert(host).inserted else { return }
        post.yield(.look(host))
    }

    private func begin(_ id: String, _ info: SystemInfo, at address: String) {
        let session = DeviceSession(
            id: id,
            snapshot: Snapshot(info: info),
            at: address,
            settings: settings,
            reporter: reporter,
            time: time
        ) { [post] event in post.yield(.session(id, event)) }
        sessions[id] = session
        post.yield(.begin(session))
    }

    private func handle(_ event: DeviceSession.Event, of id: String) async {
        guard let session = sessions[id] else { return }
        switch event {
        case .presenceChanged:
            if await session.presence.isOffline {
                offline.insert(id)
                await searchAgain()
            } else {
                offline.remove(id)
            }
            reportStatus()
        case .strangerAnswers(let address):
            look(for: address)
            searchPause.end()
        case .memoryChanged:
            memory.remember(await session.snapshot.info, at: await session.address)
        }
    }

    private func isReached(at address: String) async -> Bool {
        for session in sessions.values where await session.address == address {
            if await session.presence.isOnline { return true }
        }
        return false
    }

    func reportStatus() {
        guard !offline.isEmpty else {
            host.status.report(.running, sessions.isEmpty ? "no device found yet; docs/kasa.md says what to check" : "")
            return
        }
        let count = "\(offline.count) of \(sessions.count) devices"
        host.status.report(.degraded, "\(count) do not answer; `hostctl devices` says why")
    }
}
