import PluginKit

/// One device: asks it regularly, carries out its commands, and tells the host what it says.
///
/// Messages go one at a time through the ``Link``. A command goes before polling: no poll begins while a command is under
/// way, and one that is under way when a command comes gives way.
actor DeviceSession {
    /// What the ``Fleet`` should know.
    enum Event: Sendable {
        /// The device answers again, or no longer.
        case presenceChanged
        /// Another device answers at this address.
        case strangerAnswers(at: String)
        /// What is remembered of the device changed.
        case memoryChanged
    }

    /// The device's id, for life.
    nonisolated let id: String
    let link: Link
    let reporter: Reporter
    let time: any TimeSource
    let notify: @Sendable (Event) -> Void

    var settings: Settings
    private(set) var snapshot: Snapshot
    private(set) var presence = Presence()
    /// An address or a name.
    private(set) var address: String
    var commands: [UInt64: RunningCommand] = [:]
    var commandCount: UInt64 = 0
    var obedience: [String: ObedienceWatch] = [:]
    var polling: Task<Void, Never>?
    private var signal = SignalWatch()
    private var announced: [Device] = []
    /// The newer protocol that the device was found to speak.
    private var newerProtocol: String?
    /// The answer that the snapshot comes from.
    private var newestAnswer: UInt64 = 0
    private var isEnded = false
    private let nap: Nap

    /// `snapshot` is what is known so far, its `info.identity` is `id`; `host` is an address or a name.
    init(
        id: String,
        snapshot: Snapshot,
        at host: String,
        settings: Settings,
        reporter: Reporter,
        time: any TimeSource,
        notify: @escaping @Sendable (Event) -> Void
    ) {
        self.id = id
        self.snapshot = snapshot
        self.settings = settings
        self.reporter = reporter
        self.time = time
        self.notify = notify
        address = host
        link = Link(to: host)
        nap = Nap(time)
    }

    /// What to call it in sentences.
    var name: String { settings.devices[id]?.name ?? snapshot.info.name }

    /// The device's id and those of its outlets.
    var ids: [String] { [id] + (snapshot.info.outlets ?? []).compactMap { snapshot.info.identity(of: $0) } }

    /// Polls until the task is cancelled or ``end()`` is called. To be called once.
    func run() async {
        announce()
        while !Task.isCancelled, !isEnded {
            if commands.isEmpty { await pollGivingWay() }
            await nap.sleep(for: presence.pause(interval: settings.pollInterval, chance: .random(in: 0..<1)))
        }
        await link.close()
    }

    /// Breaks off everything and lets ``run()`` return.
    func end() {
        isEnded = true
        for command in commands.values { command.task.cancel() }
        polling?.cancel()
        wake()
    }

    func apply(_ settings: Settings) {
        self.settings = settings
        signal = SignalWatch()
        announce()
        wake()
    }

    /// Ends the pause between two polls.
    func wake() { nap.end() }

    // MARK: - Where it is

    /// The device was found at an address. One that does not answer where it was is taken to have moved.
    func sighted(at host: String) async {
        guard host != address, !presence.isOnline else { return }
        reporter.moved(ids, name: name, from: address, to: host)
        address = host
        newerProtocol = nil
        announce()
        await link.move(to: host)
        notify(.memoryChanged)
        wake()
    }

    /// At its address something was found that speaks a newer protocol.
    func sighted(_ device: NewerDevice) {
        newerProtocol = device.transport
    }

    // MARK: - What it says

    /// Asks for the device's state, and for `others` in the same message.
    ///
    /// - Throws: ``ExchangeError/anotherDevice(name:id:)`` if somebody else answers: nothing may be sent to it.
    func readState(
        within limit: Duration,
        with others: [Call] = []
    ) async throws(ExchangeError) -> (info: SystemInfo, answer: Link.Answer) {
        do throws(ExchangeError) {
            let answer = try await link.ask(Query([.systemInfo] + others), within: limit)
            let info = SystemInfo(try answer.value())
            guard info.identity == id else { throw .anotherDevice(name: info.name, id: info.identity ?? "no id") }
            return (info, answer)
        } catch .anotherDevice(let name, let id) {
            await link.close()
            notify(.strangerAnswers(at: address))
            throw .anotherDevice(name: name, id: id)
        } catch {
            if error == .refused, let newerProtocol { throw .newerProtocol(newerProtocol) }
            throw error
        }
    }

    /// Takes over what the device said, unless something newer is known, and tells the host.
    func take(_ new: Snapshot, from answer: Link.Answer) {
        guard answer.number > newestAnswer else { return }
        newestAnswer = answer.number
        let old = snapshot
        snapshot = new
        if new.energy == nil { snapshot.energy = old.energy }
        if new.outletEnergy.isEmpty { snapshot.outletEnergy = old.outletEnergy }
        announce()
        if presence.answered() == .cameOnline {
            reporter.cameOnline(ids, name: name, at: address)
            notify(.presenceChanged)
        }
        if new.info.summary != old.info.summary { notify(.memoryChanged) }
        reporter.publish(new.readings(at: time.now))
        if let strength = new.info.signal {
            let change = signal.observe(strength, threshold: settings.weakSignalDbm)
            reporter.signal(change, id, name: name, signal: strength, threshold: settings.weakSignalDbm)
        }
    }

    /// Notes that a poll failed.
    func failed(_ error: ExchangeError) {
        switch presence.failed() {
        case .becameDoubtful:
            reporter.publish(snapshot.unknownReadings(at: time.now))
            reporter.lostAnswer(ids, name: name, because: error)
        case .wentOffline:
            reporter.publish(snapshot.unknownReadings(at: time.now))
            reporter.wentOffline(ids, name: name, because: error)
            notify(.presenceChanged)
        case .cameOnline, nil:
            break
        }
    }

    /// Puts the device and its outlets before the host, if what it knows of them is not so any more.
    private func announce() {
        let devices = snapshot.devices(at: address, names: settings.devices.compactMapValues(\.name))
        guard devices != announced else { return }
        reporter.announce(devices)
        announced = devices
    }
}
