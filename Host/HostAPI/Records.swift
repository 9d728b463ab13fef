/// How grave a log line is.
package enum LogLevel: String, Sendable, Codable, CaseIterable, Comparable {
    case debug
    case info
    case warning
    case error
    case critical

    package var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }
}

/// One line of a plugin's log.
package struct LogLine: Sendable, Equatable, Codable {
    package var time: Timestamp
    package var plugin: String
    package var level: LogLevel
    /// `plugin` (through the API), `stdout`, `stderr`, or `host` (about the plugin).
    package var source: String
    package var message: String
    package var fields: JSONValue?

    package init(
        time: Timestamp,
        plugin: String,
        level: LogLevel,
        source: String,
        message: String,
        fields: JSONValue? = nil
    ) {
        self.time = time
        self.plugin = plugin
        self.level = level
        self.source = source
        self.message = message
        self.fields = fields
    }
}

/// Which log lines are wanted.
package struct LogQuery: Sendable, Equatable {
    package var plugin: String
    package var since: Timestamp?
    package var level: LogLevel
    /// At most this many old lines, the newest: 0 to 10,000.
    package var limit: Int
    /// Goes on with new lines as they come.
    package var follows: Bool

    package init(
        plugin: String,
        since: Timestamp? = nil,
        level: LogLevel = .debug,
        limit: Int = 200,
        follows: Bool = false
    ) {
        self.plugin = plugin
        self.since = since
        self.level = level
        self.limit = limit
        self.follows = follows
    }
}

/// Something that happened in the host. Numbers grow by one and start again with the host.
package struct Event: Sendable, Equatable, Codable {
    package var number: UInt64
    package var time: Timestamp
    /// `plugin.state`, `device.put`, `device.removed`, `device.availability`, `reading`, `alert.raised`, `alert.cleared`,
    /// `command`, `settings`, `host`.
    package var kind: String
    package var plugin: String?
    package var device: String?
    /// One line for people.
    package var message: String
    package var data: JSONValue?

    package init(
        number: UInt64,
        time: Timestamp,
        kind: String,
        plugin: String? = nil,
        device: String? = nil,
        message: String,
        data: JSONValue? = nil
    ) {
        self.number = number
        self.time = time
        self.kind = kind
        self.plugin = plugin
        self.device = device
        self.message = message
        self.data = data
    }
}

/// How grave an alert is.
package enum AlertSeverity: String, Sendable, Codable, CaseIterable {
    case warning
    case error
    case critical
}

/// A problem that a person should know, until it is gone.
package struct Alert: Sendable, Equatable, Codable {
    /// The plugin that raised it, or `host`.
    package var source: String
    /// Unique within the source.
    package var key: String
    package var severity: AlertSeverity
    package var title: String
    package var detail: String
    package var firstSeen: Timestamp
    package var lastSeen: Timestamp
    package var count: Int
    /// Set once the cause is gone.
    package var cleared: Timestamp?

    package init(
        source: String,
        key: String,
        severity: AlertSeverity,
        title: String,
        detail: String,
        firstSeen: Timestamp,
        lastSeen: Timestamp,
        count: Int = 1,
        cleared: Timestamp? = nil
    ) {
        self.source = source
        self.key = key
        self.severity = severity
        self.title = title
        self.detail = detail
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.count = count
        self.cleared = cleared
    }
}

/// Code that is not loaded any more, by its content hash, and why.
package struct QuarantineEntry: Sendable, Equatable, Codable {
    /// SHA-256 of the `.so`, lower-case hexadecimal.
    package var hash: String
    package var plugin: String
    package var reason: String
    package var since: Timestamp

    package init(hash: String, plugin: String, reason: String, since: Timestamp) {
        self.hash = hash
        self.plugin = plugin
        self.reason = reason
        self.since = since
    }
}
