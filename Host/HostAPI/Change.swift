/// One journaled mutation of what the host holds: numbered, made of tasks, finished or undone, never half done.
package struct Change: Sendable, Equatable, Codable {
    /// From 1, in the order in which they were asked for; never used again.
    package var number: Int64
    package var kind: ChangeKind
    package var plugin: String
    /// One line: "upgrade kasa 1.0.0 to 1.1.0".
    package var summary: String
    /// Who asked: `user`, `drop-in`, `home.yaml`, `link`, `reconcile`.
    package var author: String
    package var state: ChangeState
    /// In the order in which they are done.
    package var tasks: [ChangeTask]
    /// What came of it, in one sentence; while it goes on, what it does or waits for.
    package var message: String
    /// Why it was undone.
    package var failure: Failure?
    package var created: Timestamp
    package var ended: Timestamp?

    package init(
        number: Int64,
        kind: ChangeKind,
        plugin: String,
        summary: String,
        author: String,
        state: ChangeState,
        tasks: [ChangeTask] = [],
        message: String = "",
        failure: Failure? = nil,
        created: Timestamp,
        ended: Timestamp? = nil
    ) {
        self.number = number
        self.kind = kind
        self.plugin = plugin
        self.summary = summary
        self.author = author
        self.state = state
        self.tasks = tasks
        self.message = message
        self.failure = failure
        self.created = created
        self.ended = ended
    }
}

/// What a change does. An open set.
package struct ChangeKind: RawRepresentable, Sendable, Hashable, Codable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Brings in a plugin, or another version or build of one that is there.
    package static let install = ChangeKind(rawValue: "install")
    /// Brings in the newest version that the registry has.
    package static let upgrade = ChangeKind(rawValue: "upgrade")
    /// Goes back to the version before the active one.
    package static let rollback = ChangeKind(rawValue: "rollback")
    package static let uninstall = ChangeKind(rawValue: "uninstall")
    /// Keeps the version from being replaced by anything but the user's explicit word.
    package static let pin = ChangeKind(rawValue: "pin")
    package static let unpin = ChangeKind(rawValue: "unpin")
    package static let enable = ChangeKind(rawValue: "enable")
    package static let disable = ChangeKind(rawValue: "disable")
    package static let settings = ChangeKind(rawValue: "settings")
    /// Runs a plugin from an author's directory, and follows it.
    package static let link = ChangeKind(rawValue: "link")
    package static let unlink = ChangeKind(rawValue: "unlink")
    /// Takes up what lies in the store without a row.
    package static let adopt = ChangeKind(rawValue: "adopt")
}

/// How far a change is. An open set.
package struct ChangeState: RawRepresentable, Sendable, Hashable, Codable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Another change of the same plugin is under way.
    package static let waiting = ChangeState(rawValue: "waiting")
    package static let doing = ChangeState(rawValue: "doing")
    package static let done = ChangeState(rawValue: "done")
    package static let undoing = ChangeState(rawValue: "undoing")
    /// It failed or was aborted, and everything is as it was before.
    package static let undone = ChangeState(rawValue: "undone")

    /// Nothing follows any more.
    package var isFinal: Bool { self == .done || self == .undone }
}

/// One step of a change.
package struct ChangeTask: Sendable, Equatable, Codable {
    /// `unpack`, `verify`, `commit` …
    package var name: String
    /// For people: "unpack kasa-1.1.0.tar.gz".
    package var title: String
    /// `waiting`, `doing`, `done`, `failed`, `undone`, `skipped`.
    package var state: String
    /// How much of it is done, if that is known: bytes, or milliseconds of a window of time.
    package var progress: Progress?

    package struct Progress: Sendable, Equatable, Codable {
        package var done: Int64
        package var total: Int64
        /// `bytes` or `milliseconds`.
        package var unit: String

        package init(done: Int64, total: Int64, unit: String = "bytes") {
            self.done = done
            self.total = total
            self.unit = unit
        }
    }

    package init(name: String, title: String, state: String = "waiting", progress: Progress? = nil) {
        self.name = name
        self.title = title
        self.state = state
        self.progress = progress
    }
}

/// What a user, or an automatic part of the host, wants changed.
package struct ChangeRequest: Sendable, Equatable, Codable {
    /// `install`, `upgrade`, `rollback`, `uninstall`, `pin`, `unpin`, `link`, `unlink`, `adopt`.
    package var kind: ChangeKind
    /// May be left out where `source` says it.
    package var plugin: String?
    /// An absolute path: a package's directory, a `.tar.gz`, a `.so` with its manifest inside; for `link` the author's
    /// directory. Nil: from the registry.
    package var source: String?
    /// `link` only: the author's directory, where `source` was put together from what lies in it. The host fills it in.
    package var linkedDirectory: String?
    /// `1.2.0`; nil: the newest that this host can load.
    package var version: String?
    /// `uninstall` only: settings and data go too, for good.
    package var isPurge: Bool
    /// The user has seen the far-reaching permissions and agrees.
    package var isConsented: Bool
    /// Tells what would be done and what the package asks for, and does nothing.
    package var isDryRun: Bool

    package init(
        kind: ChangeKind,
        plugin: String? = nil,
        source: String? = nil,
        linkedDirectory: String? = nil,
        version: String? = nil,
        isPurge: Bool = false,
        isConsented: Bool = false,
        isDryRun: Bool = false
    ) {
        self.kind = kind
        self.plugin = plugin
        self.source = source
        self.linkedDirectory = linkedDirectory
        self.version = version
        self.isPurge = isPurge
        self.isConsented = isConsented
        self.isDryRun = isDryRun
    }
}

extension ChangeRequest {
    private enum CodingKeys: String, CodingKey {
        case kind, plugin, source, linkedDirectory, version, isPurge, isConsented, isDryRun
    }

    /// Everything but the kind may be left out.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            kind: try container.decode(ChangeKind.self, forKey: .kind),
            plugin: try container.decodeIfPresent(String.self, forKey: .plugin),
            source: try container.decodeIfPresent(String.self, forKey: .source),
            linkedDirectory: try container.decodeIfPresent(String.self, forKey: .linkedDirectory),
            version: try container.decodeIfPresent(String.self, forKey: .version),
            isPurge: try container.decodeIfPresent(Bool.self, forKey: .isPurge) ?? false,
            isConsented: try container.decodeIfPresent(Bool.self, forKey: .isConsented) ?? false,
            isDryRun: try container.decodeIfPresent(Bool.self, forKey: .isDryRun) ?? false
        )
    }
}

/// What came of asking for a change: its number, or what it would do.
package struct ChangePlan: Sendable, Equatable, Codable {
    /// Nil for a dry run, and where nothing needs to be done.
    package var change: Change?
    /// One line: "upgrade kasa 1.0.0 to 1.1.0", "kasa 1.1.0 is installed already".
    package var summary: String
    /// What it would do, a line each; empty for a change that has begun.
    package var steps: [String]
    /// The package's permissions, as the manifest has them.
    package var permissions: JSONValue?

    package init(change: Change? = nil, summary: String, steps: [String] = [], permissions: JSONValue? = nil) {
        self.change = change
        self.summary = summary
        self.steps = steps
        self.permissions = permissions
    }
}

/// Which changes are wanted.
package struct ChangesQuery: Sendable, Equatable {
    package var plugin: String?
    /// The newest: 1 to 1,000.
    package var limit: Int

    package init(plugin: String? = nil, limit: Int = 50) {
        self.plugin = plugin
        self.limit = limit
    }
}
