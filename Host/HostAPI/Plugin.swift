/// How a plugin is at present. An open set: a state from a newer host still decodes.
package struct PluginState: RawRepresentable, Sendable, Hashable, Codable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The worker is loading the code or the plugin is starting.
    package static let starting = PluginState(rawValue: "starting")
    package static let running = PluginState(rawValue: "running")
    /// Running, but the plugin says that something is wrong.
    package static let degraded = PluginState(rawValue: "degraded")
    /// Waiting for new credentials; not restarted until they come.
    package static let auth = PluginState(rawValue: "auth")
    package static let stopping = PluginState(rawValue: "stopping")
    /// Stopped by the user until the next `start` or the host's next start.
    package static let stopped = PluginState(rawValue: "stopped")
    /// Crashed; the next start is due in a moment.
    package static let backingOff = PluginState(rawValue: "backing-off")
    /// Crashed too often; waits for the user.
    package static let crashLooping = PluginState(rawValue: "crash-looping")
    /// Cannot run as it is; the outcome and the text say why.
    package static let failed = PluginState(rawValue: "failed")
    /// Its code crashed or hung in the probe; not loaded until the quarantine is lifted.
    package static let quarantined = PluginState(rawValue: "quarantined")
    /// Dropped in, and being installed for the first time.
    package static let installing = PluginState(rawValue: "installing")
    /// Dropped in, and asks for far-reaching permissions: not installed before the user agrees.
    package static let needsConsent = PluginState(rawValue: "needs-consent")
    /// Code that hostd itself has loaded was replaced or removed: it goes on until hostd is started anew.
    package static let needsHostRestart = PluginState(rawValue: "needs-host-restart")
    /// Switched off by the user, until `enable`.
    package static let disabled = PluginState(rawValue: "disabled")
}

/// What came of loading a plugin's code: design part 3, rule 10. An open set.
package struct LoadOutcome: RawRepresentable, Sendable, Hashable, Codable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let ok = LoadOutcome(rawValue: "ok")
    package static let fileMissing = LoadOutcome(rawValue: "file-missing")
    package static let hashMismatch = LoadOutcome(rawValue: "hash-mismatch")
    package static let dlopenFailed = LoadOutcome(rawValue: "dlopen-failed")
    package static let entryMissing = LoadOutcome(rawValue: "entry-missing")
    package static let abiUnsupported = LoadOutcome(rawValue: "abi-unsupported")
    package static let needsNewerHost = LoadOutcome(rawValue: "needs-newer-host")
    package static let probeCrashed = LoadOutcome(rawValue: "probe-crashed")
    package static let probeTimeout = LoadOutcome(rawValue: "probe-timeout")
    package static let startFailed = LoadOutcome(rawValue: "start-failed")
    package static let quarantined = LoadOutcome(rawValue: "quarantined")
    package static let disabled = LoadOutcome(rawValue: "disabled")
    package static let safeMode = LoadOutcome(rawValue: "safe-mode")
    /// The manifest cannot be read or breaks the rules.
    package static let badManifest = LoadOutcome(rawValue: "bad-manifest")
}

/// A plugin in a list.
package struct PluginSummary: Sendable, Equatable, Codable {
    /// The manifest's id, or the directory's name if the manifest cannot be read.
    package var id: String
    package var name: String
    package var version: String
    package var state: PluginState
    /// One sentence about the state; empty if there is nothing to say.
    package var message: String
    package var outcome: LoadOutcome
    package var isEnabled: Bool
    package var processID: Int32?
    /// When the present worker became ready.
    package var runningSince: Timestamp?
    /// Restarts after a crash, since the host was first started.
    package var restarts: Int
    package var devices: Int
    package var isolation: String
    /// Where its code came from: `registry`, `file`, `drop-in`, `link`, `store`. Empty if nothing is installed.
    package var origin: String
    /// Its version is not replaced by anything but the user's explicit word.
    package var isPinned: Bool

    package init(
        id: String,
        name: String,
        version: String,
        state: PluginState,
        message: String = "",
        outcome: LoadOutcome = .ok,
        isEnabled: Bool = true,
        processID: Int32? = nil,
        runningSince: Timestamp? = nil,
        restarts: Int = 0,
        devices: Int = 0,
        isolation: String = "worker",
        origin: String = "",
        isPinned: Bool = false
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.state = state
        self.message = message
        self.outcome = outcome
        self.isEnabled = isEnabled
        self.processID = processID
        self.runningSince = runningSince
        self.restarts = restarts
        self.devices = devices
        self.isolation = isolation
        self.origin = origin
        self.isPinned = isPinned
    }
}

/// One end of a worker, as it is remembered.
package struct WorkerDeath: Sendable, Equatable, Codable {
    package var time: Timestamp
    /// "exit status 3", "signal 11 (SIGSEGV)", "killed: no heartbeat for 15 s".
    package var cause: String

    package init(time: Timestamp, cause: String) {
        self.time = time
        self.cause = cause
    }
}

/// A command that a plugin or one of its devices offers.
package struct CommandDescription: Sendable, Equatable, Codable {
    package var name: String
    package var title: String?
    /// A JSON Schema of the arguments.
    package var arguments: JSONValue?

    package init(name: String, title: String? = nil, arguments: JSONValue? = nil) {
        self.name = name
        self.title = title
        self.arguments = arguments
    }
}

/// Everything about one plugin.
package struct PluginDetail: Sendable, Equatable, Codable {
    package var summary: PluginSummary
    package var description: String
    package var license: String
    package var packageDirectory: String
    package var dataDirectory: String
    package var permissions: JSONValue
    package var commands: [CommandDescription]
    package var settingsRevision: Int64
    /// What is in force in the worker's sandbox: `seccomp`, `no-new-privs`.
    package var sandbox: [String]
    /// What the plugin says about itself, if it was asked and answered.
    package var health: JSONValue?
    package var resources: ResourceUsage?
    package var deaths: [WorkerDeath]
    package var droppedReadings: UInt64
    package var droppedLogLines: UInt64
    /// From the start of the worker's process until the plugin was ready.
    package var startMilliseconds: Double?
    /// The version that `rollback` returns to.
    package var previousVersion: String?
    /// When the active version was installed.
    package var installedAt: Timestamp?
    /// SHA-256 of the `.so`, lower-case hexadecimal.
    package var codeHash: String?
    /// The author's directory that it follows.
    package var link: LinkedDirectory?

    package init(
        summary: PluginSummary,
        description: String = "",
        license: String = "",
        packageDirectory: String = "",
        dataDirectory: String = "",
        permissions: JSONValue = .object([:]),
        commands: [CommandDescription] = [],
        settingsRevision: Int64 = 0,
        sandbox: [String] = [],
        health: JSONValue? = nil,
        resources: ResourceUsage? = nil,
        deaths: [WorkerDeath] = [],
        droppedReadings: UInt64 = 0,
        droppedLogLines: UInt64 = 0,
        startMilliseconds: Double? = nil,
        previousVersion: String? = nil,
        installedAt: Timestamp? = nil,
        codeHash: String? = nil,
        link: LinkedDirectory? = nil
    ) {
        self.summary = summary
        self.description = description
        self.license = license
        self.packageDirectory = packageDirectory
        self.dataDirectory = dataDirectory
        self.permissions = permissions
        self.commands = commands
        self.settingsRevision = settingsRevision
        self.sandbox = sandbox
        self.health = health
        self.resources = resources
        self.deaths = deaths
        self.droppedReadings = droppedReadings
        self.droppedLogLines = droppedLogLines
        self.startMilliseconds = startMilliseconds
        self.previousVersion = previousVersion
        self.installedAt = installedAt
        self.codeHash = codeHash
        self.link = link
    }
}

/// A directory that a plugin is linked to, and where its source stands.
package struct LinkedDirectory: Sendable, Equatable, Codable {
    package var directory: String
    /// Nil outside of a git checkout, and with a detached head.
    package var branch: String?
    package var commit: String?
    /// The URL of the branch's remote, without credentials.
    package var remote: String?

    package init(directory: String, branch: String? = nil, commit: String? = nil, remote: String? = nil) {
        self.directory = directory
        self.branch = branch
        self.commit = commit
        self.remote = remote
    }
}

/// What a user can do to a plugin as a whole.
package enum PluginAction: String, Sendable, Codable, CaseIterable {
    case start
    case stop
    case restart
    case enable
    case disable
}

/// What a process costs.
package struct ResourceUsage: Sendable, Equatable, Codable {
    /// A plugin's id, or `hostd`.
    package var name: String
    package var processID: Int32
    /// Memory of this process alone, bytes.
    package var privateBytes: Int64
    /// Proportional set size, bytes: shared pages counted by their share.
    package var proportionalBytes: Int64
    package var threads: Int
    package var descriptors: Int
    /// CPU time used since the process began, in milliseconds.
    package var cpuMilliseconds: Int64
    package var restarts: Int

    package init(
        name: String,
        processID: Int32,
        privateBytes: Int64,
        proportionalBytes: Int64,
        threads: Int,
        descriptors: Int,
        cpuMilliseconds: Int64,
        restarts: Int
    ) {
        self.name = name
        self.processID = processID
        self.privateBytes = privateBytes
        self.proportionalBytes = proportionalBytes
        self.threads = threads
        self.descriptors = descriptors
        self.cpuMilliseconds = cpuMilliseconds
        self.restarts = restarts
    }
}
