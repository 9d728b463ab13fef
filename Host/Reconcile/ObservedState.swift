package import HostAPI

/// How one plugin is: what the store holds, and what its worker has said about itself.
package struct ObservedState: Sendable, Equatable {
    /// The names of the directories in `store/<id>`.
    package var directories: [String]
    /// What is wrong with the active version's directory or, where none is active, with what the store holds. Nil: it is
    /// whole, or not there at all.
    package var damage: String?
    /// What the live worker has reported; nil: there is none.
    package var worker: WorkerReport?
    package var activity: Activity
    /// Whether the one who runs it holds it to be enabled.
    package var isEnabled: Bool
    /// The number of its change that is under way.
    package var openChange: Int64?

    package init(
        directories: [String] = [],
        damage: String? = nil,
        worker: WorkerReport? = nil,
        activity: Activity = .absent,
        isEnabled: Bool = true,
        openChange: Int64? = nil
    ) {
        self.directories = directories
        self.damage = damage
        self.worker = worker
        self.activity = activity
        self.isEnabled = isEnabled
        self.openChange = openChange
    }
}

/// What a worker said that it runs, never what it was told to run.
package struct WorkerReport: Sendable, Equatable {
    /// The name of the directory in `store/<id>`.
    package var directory: String
    package var codeHash: String
    package var settingsRevision: Int64
    package var isolation: Isolation

    package init(directory: String, codeHash: String, settingsRevision: Int64, isolation: Isolation = .worker) {
        self.directory = directory
        self.codeHash = codeHash
        self.settingsRevision = settingsRevision
        self.isolation = isolation
    }
}

/// Whether a plugin runs or, if not, why it rests.
package enum Activity: Sendable, Equatable {
    /// Nobody looks after it.
    case absent
    case starting
    case running
    case stopping
    /// It crashed, and the next start is due by itself.
    case backingOff
    case stopped(byUser: Bool)
    case disabled
    case auth
    case crashLooping
    case quarantined(String)
    case failed(String)
    case needsHostRestart

    /// Reads it from the state that is shown.
    ///
    /// - Parameters:
    ///   - state: A state that is not known, as from another version, counts as running: it is not touched.
    ///   - message: The sentence that goes with it.
    ///   - isStoppedByUser: Whether a user's word was why it stopped.
    package init(_ state: PluginState, message: String = "", isStoppedByUser: Bool = true) {
        switch state {
        case .starting: self = .starting
        case .stopping: self = .stopping
        case .backingOff: self = .backingOff
        case .stopped: self = .stopped(byUser: isStoppedByUser)
        case .disabled: self = .disabled
        case .auth: self = .auth
        case .crashLooping: self = .crashLooping
        case .quarantined: self = .quarantined(message)
        case .failed: self = .failed(message)
        case .needsHostRestart: self = .needsHostRestart
        case .needsConsent: self = .absent
        default: self = .running
        }
    }

    /// There is a worker, or there will be one in a moment.
    package var isActive: Bool {
        switch self {
        case .starting, .running, .backingOff: true
        default: false
        }
    }
}
