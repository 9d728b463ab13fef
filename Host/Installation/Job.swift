internal import HostAPI
internal import Store

/// One change under way, as its tasks see it.
struct Job: Sendable {
    let services: Installer.Configuration
    var change: Change
    var parameters: ChangeParameters
    var isCommitted = false
    /// What is stored together with the change's end.
    var endWrites: [StateWrite] = []
    /// Sentences for the user beside what was done.
    var remarks: [String] = []
    /// The code has passed its probe, now or before.
    var isProbed = false
    /// The version before ran as it should: the new one is held to that.
    var hasRunWell = false
    /// The plugin's worker was ended by this change.
    var isStopped = false
    /// The new version was given to the runner.
    var isTakenUp = false
    var needsHostRestart = false

    var number: Int64 { change.number }
    var plugin: String { change.plugin }
    var layout: InstallationLayout { services.layout }
    var before: PluginFacts { parameters.before }

    /// The package's version, which is known from the verification on.
    ///
    /// - Throws: If it is not known: the tasks are in a wrong order.
    func target() throws(Failure) -> InstalledVersion {
        guard let target = parameters.target else {
            throw Failure(.internalError, "change \(number) does not say which version it installs")
        }
        return target
    }

    /// The change as it is stored.
    func record() throws -> ChangeRecord {
        ChangeRecord(
            change: change,
            isCommitted: isCommitted,
            parameters: try StoredJSON.encode(parameters)
        )
    }

    /// Stores all of it in one commit.
    func commit(_ writes: [StateWrite]) async throws(StoreError) {
        let summary = change.summary
        try await services.ledger.perform { database throws(StoreError) in
            try database.commit(writes, task: summary)
        }
    }
}

/// One step of a change. Doing it twice does it once; undoing it undoes what was done of it, be that nothing or a half.
protocol InstallationTask: Sendable {
    var name: String { get }
    var nature: ChangeMachine.Nature { get }
    /// For people: "unpack kasa-1.1.0.tar.gz".
    func title(_ job: Job) -> String
    func `do`(_ job: inout Job) async throws
    func undo(_ job: inout Job) async throws
}

extension InstallationTask {
    func undo(_ job: inout Job) async throws {}
}
