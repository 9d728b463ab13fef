import HostAPI
import Synchronization

/// A host in memory: it answers from what it holds, remembers what it was asked, and streams what it is told to.
final class TestHost: Host {
    struct State {
        var asked: [String] = []
        /// What every method throws, if anything.
        var failure: (any Error)?
        var document = SettingsDocument(revision: 3, document: .object(["hours": .integer(1)]), saved: .object([:]))
        var logs: [LogLine] = []
        var events: AsyncThrowingStream<Event, any Error>.Continuation?
        var followers: AsyncThrowingStream<LogLine, any Error>.Continuation?
        var openStreams = 0
        var endedStreams = 0
    }

    private let state = Mutex(State())
    private let changes = AsyncStream<Void>.makeStream()
    /// A command named `wait` is answered when this ends.
    let gate = AsyncStream<Never>.makeStream()

    func change(_ body: (inout sending State) -> Void) {
        state.withLock { body(&$0) }
        changes.continuation.yield()
    }

    var asked: [String] { state.withLock { $0.asked } }

    /// Waits until the host is in such a state.
    func wait(until isReached: (borrowing State) -> Bool) async {
        for await _ in changes.stream where state.withLock({ isReached($0) }) { return }
    }

    func send(_ event: Event) {
        state.withLock { $0.events }?.yield(event)
    }

    func send(_ line: LogLine) {
        state.withLock { $0.followers }?.yield(line)
    }

    func breakOffEvents(_ error: any Error) {
        state.withLock { $0.events }?.finish(throwing: error)
    }

    func ask(_ question: String) throws(Failure) {
        let failure = state.withLock { state in
            state.asked.append(question)
            return state.failure
        }
        changes.continuation.yield()
        if let failure { throw Failure(failure) }
    }

    // MARK: What it holds

    static let time = Timestamp(milliseconds: 1_772_357_400_250)
    static let series = SeriesName(plugin: "kasa", device: "Küche/Licht", entity: "power")
    let plugin = PluginSummary(id: "kasa", name: "Kasa", version: "1.0.0", state: .running, runningSince: time)
    let device = Device(plugin: "kasa", id: "1", name: "Küche", handle: "k-che", kind: "plug")
    let usage = ResourceUsage(
        name: "hostd",
        processID: 7,
        privateBytes: 1,
        proportionalBytes: 2,
        threads: 3,
        descriptors: 4,
        cpuMilliseconds: 5,
        restarts: 0
    )
    let alert = Alert(
        source: "kasa",
        key: "auth",
        severity: .warning,
        title: "Log in",
        detail: "",
        firstSeen: time,
        lastSeen: time
    )
    let entry = QuarantineEntry(hash: "abcdef0123", plugin: "kasa", reason: "signal 11", since: time)
    let latest = LatestReading(series: series, unit: "W", reading: Reading(time: time, value: .number(1.5)))
    let hostStatus = HostStatus(
        version: hearthVersion,
        processID: 7,
        root: "/var/lib/hearth",
        startedAt: time,
        health: "ok",
        summary: "All is well.",
        pluginsByState: ["running": 1],
        devices: 1,
        devicesOffline: 0,
        openAlerts: 1,
        readingsStored: 2,
        readingsDropped: 0,
        lastEvent: 9
    )

    func event(_ number: UInt64) -> Event {
        Event(number: number, time: Self.time, kind: "host", message: "event\n\(number)")
    }

    func line(_ message: String) -> LogLine {
        LogLine(time: Self.time, plugin: "kasa", level: .info, source: "plugin", message: message)
    }

    // MARK: Host

    func status() async throws(Failure) -> HostStatus {
        try ask("status")
        return hostStatus
    }

    func plugins() async throws(Failure) -> [PluginSummary] {
        try ask("plugins")
        return [plugin]
    }

    func plugin(_ id: String) async throws(Failure) -> PluginDetail {
        try ask("plugin \(id)")
        try known(id)
        return PluginDetail(summary: plugin, deaths: [WorkerDeath(time: Self.time, cause: "signal 11")])
    }

    func control(_ id: String, _ action: PluginAction) async throws(Failure) -> PluginSummary {
        try ask("control \(id) \(action)")
        try known(id)
        return plugin
    }

    func resources() async throws(Failure) -> [ResourceUsage] {
        try ask("resources")
        return [usage]
    }

    func devices(ofPlugin plugin: String?) async throws(Failure) -> [Device] {
        try ask("devices \(plugin ?? "of all")")
        if let plugin { try known(plugin) }
        return [device]
    }

    func latestReadings() async throws(Failure) -> [LatestReading] {
        try ask("latest readings")
        return [latest]
    }

    func readings(_ query: ReadingsQuery) async throws(Failure) -> ReadingsPage {
        let times = "\(query.since?.description ?? "-") \(query.until?.description ?? "-")"
        try ask("readings \(query.series) \(times) \(query.limit)")
        let readings = [latest.reading, Reading(time: Self.time, value: .unknown, isAnomalous: true)]
        return ReadingsPage(series: Self.series, unit: "W", readings: readings, isTruncated: false)
    }

    func call(_ request: CommandRequest) async throws(Failure) -> CommandResult {
        let device = request.device ?? "-"
        let arguments = JSONValue.object(request.arguments).text
        let timeout = request.timeoutMilliseconds.map { String($0) } ?? "-"
        try ask("call \(request.plugin) \(device) \(request.command) \(arguments) \(timeout)")
        if request.command == "wait" { for await _ in gate.stream {} }
        return CommandResult(result: .object(["on": .bool(true)]), message: "", milliseconds: 1.5)
    }

    func settings(ofPlugin id: String) async throws(Failure) -> SettingsDocument {
        try ask("settings \(id)")
        try known(id)
        return state.withLock { $0.document }
    }

    func saveSettings(_ save: SettingsSave, ofPlugin id: String) async throws(Failure) -> SettingsResult {
        try ask("save \(id) \(save.document.text) \(save.ifRevision.map { String($0) } ?? "-")")
        try known(id)
        let revision = state.withLock { state -> Int64? in
            if let expected = save.ifRevision, expected != state.document.revision { return nil }
            state.document = SettingsDocument(
                revision: state.document.revision + 1,
                document: save.document,
                saved: save.document
            )
            return state.document.revision
        }
        guard let revision else { throw Failure(.conflict, "Somebody else saved.") }
        return SettingsResult(revision: revision, changed: ["/hours"], scope: "hot", message: "Done.")
    }

    func logs(_ query: LogQuery) async throws(Failure) -> AsyncThrowingStream<LogLine, any Error> {
        let since = query.since?.description ?? "-"
        try ask("logs \(query.plugin) \(since) \(query.level) \(query.limit) \(query.follows)")
        try known(query.plugin)
        let stream = open(LogLine.self) { $0.followers = $1 }
        for line in state.withLock({ $0.logs }) { send(line) }
        // Not while the lock is held: the end of a stream is a change too.
        if !query.follows { state.withLock { $0.followers }?.finish() }
        return stream
    }

    func events(after number: UInt64?) async throws(Failure) -> AsyncThrowingStream<Event, any Error> {
        try ask("events \(number.map { String($0) } ?? "-")")
        let stream = open(Event.self) { $0.events = $1 }
        // The newest event is number 9.
        if let number { for old in number + 1..<max(number + 1, 10) { send(event(old)) } }
        return stream
    }

    func alerts(includingCleared: Bool) async throws(Failure) -> [Alert] {
        try ask("alerts \(includingCleared)")
        return [alert]
    }

    func quarantine() async throws(Failure) -> [QuarantineEntry] {
        try ask("quarantine")
        return [entry]
    }

    func liftQuarantine(_ hashOrPlugin: String) async throws(Failure) -> [QuarantineEntry] {
        try ask("lift \(hashOrPlugin)")
        return [entry]
    }

    private func known(_ id: String) throws(Failure) {
        if id != plugin.id { throw Failure(.noSuchPlugin, "There is no plugin \"\(id)\".", hint: "hostctl list") }
    }

    private func open<Message: Sendable>(
        _: Message.Type,
        _ keep: (inout State, AsyncThrowingStream<Message, any Error>.Continuation) -> Void
    ) -> AsyncThrowingStream<Message, any Error> {
        let (stream, continuation) = AsyncThrowingStream<Message, any Error>.makeStream()
        continuation.onTermination = { [weak self] _ in self?.change { $0.endedStreams += 1 } }
        change { state in
            state.openStreams += 1
            keep(&state, continuation)
        }
        return stream
    }
}
