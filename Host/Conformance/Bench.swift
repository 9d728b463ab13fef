import Glibc
import HostAPI
import Manifests
import Runtime

/// What the checks of one run work with: the package, the worker program, a scratch directory, and what was found out so
/// far. Used by one task at a time.
package final class Bench {
    /// How the plugin is started.
    struct Start {
        var settings: StartingSettings
        /// What the plugin answered to it; nil: not tried.
        var outcome: CallOutcome?
    }

    let subject: Subject
    let givenSettings: JSONValue?
    let reactor: Reactor
    let program: WorkerProcess.Program
    let scratch: String
    let deadline: ContinuousClock.Instant
    let blocks = BlockTimes()

    /// How far the plugin came.
    private(set) var reached = Need.nothing
    /// What the code says about itself.
    var loaded: WorkerMessage.Loaded?
    var start: Start?
    /// What the plugin wants to be remembered.
    private var state: [String: String] = [:]
    private var idle: IdleObservation?
    private var measuredRounds: RoundsMeasurement?

    init(
        subject: Subject,
        givenSettings: JSONValue?,
        reactor: Reactor,
        program: WorkerProcess.Program,
        scratch: String,
        deadline: ContinuousClock.Instant
    ) {
        self.subject = subject
        self.givenSettings = givenSettings
        self.reactor = reactor
        self.program = program
        self.scratch = scratch
        self.deadline = deadline
    }

    var hasTime: Bool { ContinuousClock.now < deadline }

    func reach(_ need: Need) { reached = max(reached, need) }

    /// The manifest; checks that use it need it.
    var manifest: Manifest? { try? subject.manifest.get() }

    /// The settings to start with.
    var settings: JSONValue { start?.settings.document ?? .object([:]) }

    /// What the user gave, without the defaults: fewer settings than a host would ever send.
    var bareSettings: JSONValue { givenSettings ?? .object([:]) }

    // MARK: Workers

    /// Calls `body` with a worker that has loaded the code, and ends it afterwards, whatever happens.
    func withSession<Result>(_ body: (Session) async -> Result) async -> Result? {
        guard let session = try? await loadedSession() else { return nil }
        let result = await body(session)
        state = await session.record.state
        await session.kill()
        return result
    }

    /// The same with a plugin that was started.
    func withStartedSession<Result>(_ body: (Session) async -> Result) async -> Result? {
        await withSession { session in
            _ = await session.start(settings)
            return await body(session)
        }
    }

    /// A worker in which nothing is loaded yet.
    func session() -> Session? {
        guard let manifest, let entryPath = try? subject.entry.get() else { return nil }
        return Session(
            Session.Surroundings(
                program: program,
                manifest: manifest,
                packageDirectory: subject.directory,
                entryPath: entryPath,
                dataDirectory: "\(scratch)/data",
                lockPath: "\(scratch)/lock",
                state: state,
                blocks: blocks
            ),
            reactor: reactor
        )
    }

    private func loadedSession() async throws -> Session? {
        guard let session = session() else { return nil }
        _ = try await session.load()
        return session
    }

    /// What the plugin does when it is left alone for a while; observed once.
    func idleObservation() async -> IdleObservation? {
        if let idle { return idle }
        idle = await withStartedSession { await IdleObservation(of: $0) } ?? nil
        return idle
    }

    /// Twenty starts and stops; done once.
    func rounds() async -> RoundsMeasurement? {
        if let measuredRounds { return measuredRounds }
        measuredRounds = await withSession { await RoundsMeasurement(of: $0, bench: self) }
        return measuredRounds
    }
}
