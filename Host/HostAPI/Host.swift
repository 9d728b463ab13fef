/// What the host can be asked. Two conform: the live host inside `hostd`, and the client that asks it over its socket.
/// Routes, commands and tests are written against this one declaration.
package protocol Host: Sendable {
    func status() async throws(Failure) -> HostStatus

    func plugins() async throws(Failure) -> [PluginSummary]
    /// - Throws: `no-such-plugin`, with a suggestion for a misspelt id.
    func plugin(_ id: String) async throws(Failure) -> PluginDetail
    /// Returns once the action is complete, or has failed.
    func control(_ id: String, _ action: PluginAction) async throws(Failure) -> PluginSummary
    /// What `hostd` and each worker cost at present.
    func resources() async throws(Failure) -> [ResourceUsage]

    /// All devices, or those of one plugin.
    func devices(ofPlugin plugin: String?) async throws(Failure) -> [Device]
    func latestReadings() async throws(Failure) -> [LatestReading]
    func readings(_ query: ReadingsQuery) async throws(Failure) -> ReadingsPage
    /// Waits for the command's result at most as long as the request says.
    func call(_ request: CommandRequest) async throws(Failure) -> CommandResult

    func settings(ofPlugin id: String) async throws(Failure) -> SettingsDocument
    /// Validates and saves a whole document as a new revision and applies what changed.
    func saveSettings(_ save: SettingsSave, ofPlugin id: String) async throws(Failure) -> SettingsResult

    func logs(_ query: LogQuery) async throws(Failure) -> AsyncThrowingStream<LogLine, any Error>
    /// New events; with `after`, first those since that number that are still remembered.
    func events(after number: UInt64?) async throws(Failure) -> AsyncThrowingStream<Event, any Error>

    func alerts(includingCleared: Bool) async throws(Failure) -> [Alert]

    func quarantine() async throws(Failure) -> [QuarantineEntry]
    /// Lifts every entry whose hash begins with `hash` (at least 6 digits) or that belongs to that plugin.
    func liftQuarantine(_ hashOrPlugin: String) async throws(Failure) -> [QuarantineEntry]

    // MARK: Changes

    /// Begins a change, or tells what it would do. Does not wait for its end.
    ///
    /// - Throws: `needs-consent` if the package asks for far-reaching permissions that nobody has agreed to yet.
    func begin(_ request: ChangeRequest) async throws(Failure) -> ChangePlan
    /// Newest first.
    func changes(_ query: ChangesQuery) async throws(Failure) -> [Change]
    func change(_ number: Int64) async throws(Failure) -> Change
    /// The change now and after each step, until it is done or undone; the last element is final.
    func watchChange(_ number: Int64) async throws(Failure) -> AsyncThrowingStream<Change, any Error>
    /// Has a change that goes on undone. Does not wait for its end.
    ///
    /// - Throws: `refused` if it is done already, or cannot be undone any more.
    func abortChange(_ number: Int64) async throws(Failure) -> Change

    // MARK: Desired and observed

    /// One pass, and waits for what it does.
    func reconcile(_ request: ReconcileRequest) async throws(Failure) -> ReconcileReport
    /// What differs between a desired-state file and the host.
    ///
    /// - Throws: `invalid-settings` with everything that is wrong in the file, each with line and column.
    func diffHome(_ document: HomeDocument) async throws(Failure) -> HomeReport
    /// Brings the host to what the file wants, and waits for it.
    func applyHome(_ document: HomeDocument) async throws(Failure) -> HomeReport
    /// The desired state as such a file. Secrets are left out, and named in a comment.
    func exportHome() async throws(Failure) -> String

    // MARK: The registry

    /// What the registry has: all, or what matches the words. Never waits for a dead network longer than 10 s, and shows what
    /// is known from before.
    func search(_ words: String?) async throws(Failure) -> Catalogue
}

/// The host as a whole. The client asks for places rather than guessing them.
package struct HostStatus: Sendable, Equatable, Codable {
    package var version: String
    package var processID: Int32
    package var root: String
    package var startedAt: Timestamp
    /// `ok`, `attention` (an alert stands, or a plugin does not run as it should), `failing`.
    package var health: String
    /// One sentence: what is wrong and what to do; or that all is well.
    package var summary: String
    /// How many plugins are in each state.
    package var pluginsByState: [String: Int]
    package var devices: Int
    package var devicesOffline: Int
    package var openAlerts: Int
    package var readingsStored: UInt64
    package var readingsDropped: UInt64
    /// Changes that are not over yet, and packages in the drop-in directory that are being looked at: 0 when all is settled.
    package var changesUnderWay: Int
    /// The number of the newest event, 0 before the first: a snapshot read after it and the events from it on miss nothing.
    package var lastEvent: UInt64

    package init(
        version: String,
        processID: Int32,
        root: String,
        startedAt: Timestamp,
        health: String,
        summary: String,
        pluginsByState: [String: Int],
        devices: Int,
        devicesOffline: Int,
        openAlerts: Int,
        readingsStored: UInt64,
        readingsDropped: UInt64,
        changesUnderWay: Int = 0,
        lastEvent: UInt64 = 0
    ) {
        self.version = version
        self.processID = processID
        self.root = root
        self.startedAt = startedAt
        self.health = health
        self.summary = summary
        self.pluginsByState = pluginsByState
        self.devices = devices
        self.devicesOffline = devicesOffline
        self.openAlerts = openAlerts
        self.readingsStored = readingsStored
        self.readingsDropped = readingsDropped
        self.changesUnderWay = changesUnderWay
        self.lastEvent = lastEvent
    }
}

/// A command for a plugin, or for one of its devices.
package struct CommandRequest: Sendable, Equatable, Codable {
    package var plugin: String
    /// Id, handle or name; nil for the plugin itself.
    package var device: String?
    package var command: String
    package var arguments: [String: JSONValue]
    /// 1 to 600,000; nil for 30,000.
    package var timeoutMilliseconds: Int?

    package init(
        plugin: String,
        device: String? = nil,
        command: String,
        arguments: [String: JSONValue] = [:],
        timeoutMilliseconds: Int? = nil
    ) {
        self.plugin = plugin
        self.device = device
        self.command = command
        self.arguments = arguments
        self.timeoutMilliseconds = timeoutMilliseconds
    }
}

extension CommandRequest {
    /// A command without arguments may leave them out.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            plugin: try container.decode(String.self, forKey: .plugin),
            device: try container.decodeIfPresent(String.self, forKey: .device),
            command: try container.decode(String.self, forKey: .command),
            arguments: try container.decodeIfPresent([String: JSONValue].self, forKey: .arguments) ?? [:],
            timeoutMilliseconds: try container.decodeIfPresent(Int.self, forKey: .timeoutMilliseconds)
        )
    }
}

/// What came of a command that succeeded.
package struct CommandResult: Sendable, Equatable, Codable {
    package var result: JSONValue
    package var message: String
    package var milliseconds: Double

    package init(result: JSONValue, message: String, milliseconds: Double) {
        self.result = result
        self.message = message
        self.milliseconds = milliseconds
    }
}

/// A plugin's settings as they are in force.
package struct SettingsDocument: Sendable, Equatable, Codable {
    package var revision: Int64
    /// With defaults filled in.
    package var document: JSONValue
    /// What the user set, without defaults.
    package var saved: JSONValue

    package init(revision: Int64, document: JSONValue, saved: JSONValue) {
        self.revision = revision
        self.document = document
        self.saved = saved
    }
}

/// A document to save.
package struct SettingsSave: Sendable, Equatable, Codable {
    package var document: JSONValue
    /// Refuse with `conflict` unless this is the revision in force.
    package var ifRevision: Int64?
    /// Also keys that a desired-state file owns; they then differ from the file until it is changed.
    package var overridesFile: Bool?

    package init(document: JSONValue, ifRevision: Int64? = nil, overridesFile: Bool? = nil) {
        self.document = document
        self.ifRevision = ifRevision
        self.overridesFile = overridesFile
    }
}

/// What a save did.
package struct SettingsResult: Sendable, Equatable, Codable {
    package var revision: Int64
    /// JSON pointers of what changed; empty: nothing did, and nothing was done.
    package var changed: [String]
    /// `hot`, `stream`, `client`, `plugin`, or nil if nothing changed.
    package var scope: String?
    package var message: String

    package init(revision: Int64, changed: [String], scope: String?, message: String) {
        self.revision = revision
        self.changed = changed
        self.scope = scope
        self.message = message
    }
}
