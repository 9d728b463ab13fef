import PluginAPI

/// A command from the user, or from another plugin that may command devices.
public struct Command: Hashable, Sendable {
    /// The id of a device that the plugin announced; nothing: the plugin itself.
    public let device: String?
    /// A command that the manifest or the device declares: "turn-on".
    public let name: String
    /// An object.
    public let arguments: JSON
    /// The caller gives up after this time.
    public let timeout: Duration

    public init(device: String? = nil, name: String, arguments: JSON = [:], timeout: Duration = .seconds(30)) {
        self.device = device
        self.name = name
        self.arguments = arguments
        self.timeout = timeout
    }
}

/// What a save changed in the settings.
public struct SettingsChanges: Hashable, Sendable {
    /// How far a change reaches: the widest `x-restart` among the changed keys.
    public enum Scope: Hashable, Sendable, Comparable {
        /// Nothing needs to be opened anew.
        case hot
        /// Event streams and subscriptions are opened anew.
        case stream
        /// Clients and sessions are made anew.
        case client
    }

    /// One changed key. ``JSON/null`` stands for "was not there", or "is gone".
    public struct Change: Hashable, Sendable {
        public let old: JSON
        public let new: JSON
    }

    public let scope: Scope
    /// Grows with every save.
    public let revision: UInt64
    /// The changed keys, as JSON pointers: "/interval_seconds".
    public let keys: [String: Change]

    public init(scope: Scope, revision: UInt64, keys: [String: Change]) {
        self.scope = scope
        self.revision = revision
        self.keys = keys
    }

    /// Whether the key at `pointer`, or anything below it, changed.
    public func touches(_ pointer: String) -> Bool {
        keys.keys.contains { $0 == pointer || $0.hasPrefix(pointer + "/") }
    }
}

extension SettingsChanges.Change {
    public init(from old: JSON, to new: JSON) {
        self.old = old
        self.new = new
    }
}

extension SettingsChanges {
    init(scope: Int32, revision: UInt64, document: String) throws {
        let members = document.isEmpty ? [:] : try JSON(parsing: document).object ?? [:]
        self.scope =
            switch Int(scope) {
            case HEARTH_SCOPE_HOT: .hot
            case HEARTH_SCOPE_STREAM: .stream
            default: .client
            }
        self.revision = revision
        keys = members.mapValues { Change(from: $0["old"], to: $0["new"]) }
    }
}
