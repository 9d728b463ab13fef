package import HostAPI

/// What a plugin may do beyond computing; shown to the user before it is installed.
package struct Permissions: Sendable, Equatable {
    /// TCP ports that it may connect to.
    package var tcp: PortRule = .ports([])
    /// UDP ports that it may send to.
    package var udp: PortRule = .ports([])
    /// TCP ports that it may listen on.
    package var listen: [UInt16] = []
    /// Whose readings it may subscribe to.
    package var readSeries: [NamePattern] = []
    /// Whose devices it may command.
    package var commandDevices: [NamePattern] = []
    /// Absolute paths outside its package and data directories that it may read.
    package var paths: [String] = []
    /// Programs that the host runs for it, by name.
    package var programs: [String: ExecTemplate] = [:]

    package init() {}
}

/// Which ports are allowed.
package enum PortRule: Sendable, Equatable {
    case any
    /// Sorted; empty: none.
    case ports([UInt16])

    package func allows(_ port: UInt16) -> Bool {
        switch self {
        case .any: true
        case .ports(let ports): ports.contains(port)
        }
    }
}

/// `plugin/device/entity` or `plugin/device`: each part a name or `*`.
package struct NamePattern: Sendable, Hashable, CustomStringConvertible {
    package let parts: [String]

    package var description: String { parts.joined(separator: "/") }

    /// Whether the pattern covers a name with as many parts.
    package func matches(_ names: String...) -> Bool {
        names.count == parts.count && zip(parts, names).allSatisfy { $0 == "*" || $0 == $1 }
    }

    /// Whether everything that `other` covers is covered: a plugin may subscribe to what its permission covers.
    package func covers(_ other: NamePattern) -> Bool {
        other.parts.count == parts.count && zip(parts, other.parts).allSatisfy { $0 == "*" || $0 == $1 }
    }

    /// `plugin/device/entity`; nil if `text` is not such a pattern.
    package static func series(_ text: String) -> NamePattern? {
        NamePattern(text, rules: [isPlugin, NameRule.device.accepts, NameRule.entity.accepts])
    }

    /// `plugin/device`; nil if `text` is not such a pattern.
    package static func device(_ text: String) -> NamePattern? {
        NamePattern(text, rules: [isPlugin, NameRule.device.accepts])
    }

    private init?(_ text: String, rules: [(String) -> Bool]) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == rules.count, zip(parts, rules).allSatisfy({ $0 == "*" || $1($0) }) else { return nil }
        self.parts = parts
    }

    private static func isPlugin(_ text: String) -> Bool { PluginID(text) != nil }
}

extension Permissions {
    /// The permissions as the manifest has them, normalised; empty ones are left out.
    package var jsonValue: JSONValue {
        var network: [String: JSONValue] = [:]
        network["tcp"] = tcp.jsonValue
        network["udp"] = udp.jsonValue
        var result: [String: JSONValue] = [:]
        if !network.isEmpty { result["network"] = .object(network) }
        if !listen.isEmpty { result["listen"] = .array(listen.map { .integer(Int64($0)) }) }
        if !readSeries.isEmpty { result["read-series"] = .array(readSeries.map { .string($0.description) }) }
        if !commandDevices.isEmpty {
            result["command-devices"] = .array(commandDevices.map { .string($0.description) })
        }
        if !paths.isEmpty { result["paths"] = .array(paths.map { .string($0) }) }
        if !programs.isEmpty { result["exec"] = .object(programs.mapValues(\.jsonValue)) }
        return .object(result)
    }
}

extension PortRule {
    /// Nil if no port is allowed.
    fileprivate var jsonValue: JSONValue? {
        switch self {
        case .any: .string("any")
        case .ports(let ports): ports.isEmpty ? nil : .array(ports.map { .integer(Int64($0)) })
        }
    }
}
