import HostAPI

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
    var stage = Stage.loading
    var features: [String] = []
    var reported: (state: WorkerMessage.ReportedState, text: String)?
    var droppedReadings: UInt64 = 0
    var droppedLogLines: UInt64 = 0
    var startDuration: Duration?
    var readySince: Timestamp?
    var awaitsPong = false
}
