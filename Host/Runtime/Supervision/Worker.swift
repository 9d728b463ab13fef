import HostAPI
import Manifests
import Reconcile

/// A plugin's present worker, and what it has said about itself.
struct Worker {
    /// How far it has come.
    enum Stage: Equatable {
        /// The process is there; the code is being loaded.
        case loading
        /// The code is loaded, START is under way.
        case starting
        case started
        case stopping
    }

    let process: any PluginWorker
    /// Its number for subscriptions and programs.
    let owner: UInt64
    let launched: ContinuousClock.Instant
    /// What it was told to load.
    let code: PluginCode
    let isolation: Manifest.Isolation
    /// It has said that it has loaded that code.
    var hasLoaded = false
    /// The revision of the settings that it has accepted, at its start or later.
    var settingsRevision: Int64?
    var stage = Stage.loading
    var features: [String] = []
    var reported: (state: WorkerMessage.ReportedState, text: String)?
    var droppedReadings: UInt64 = 0
    var droppedLogLines: UInt64 = 0
    var startDuration: Duration?
    var readySince: Timestamp?
    var awaitsPong = false

    /// What it has said that it runs; nil before it has said so.
    var report: WorkerReport? {
        guard hasLoaded, let settingsRevision else { return nil }
        return WorkerReport(
            directory: code.package.directory.split(separator: "/").last.map(String.init) ?? "",
            codeHash: code.hash,
            settingsRevision: settingsRevision,
            isolation: isolation == .host ? .host : .worker
        )
    }
}
