/// Whether a device answers.
package enum Availability: String, Sendable, Codable, CaseIterable {
    case online
    case offline
    case unknown
}

/// A named property of a device.
package struct Entity: Sendable, Equatable, Codable {
    package var id: String
    package var name: String?
    package var unit: String?
    /// `number`, `boolean` or `text`.
    package var kind: String

    package init(id: String, name: String? = nil, unit: String? = nil, kind: String = "number") {
        self.id = id
        self.name = name
        self.unit = unit
        self.kind = kind
    }
}

/// A thing that a plugin knows.
package struct Device: Sendable, Equatable, Codable {
    package var plugin: String
    /// The plugin's id for it, for ever.
    package var id: String
    package var name: String
    /// What a user may type instead of the id: the name in lower case with hyphens, unique within the plugin.
    package var handle: String
    package var kind: String
    package var model: String?
    package var parent: String?
    package var address: String?
    package var firmware: String?
    package var availability: Availability
    /// Why it does not answer; empty if it does.
    package var reason: String
    package var entities: [Entity]
    package var commands: [CommandDescription]
    package var latest: [LatestReading]

    package init(
        plugin: String,
        id: String,
        name: String,
        handle: String,
        kind: String,
        model: String? = nil,
        parent: String? = nil,
        address: String? = nil,
        firmware: String? = nil,
        availability: Availability = .unknown,
        reason: String = "",
        entities: [Entity] = [],
        commands: [CommandDescription] = [],
        latest: [LatestReading] = []
    ) {
        self.plugin = plugin
        self.id = id
        self.name = name
        self.handle = handle
        self.kind = kind
        self.model = model
        self.parent = parent
        self.address = address
        self.firmware = firmware
        self.availability = availability
        self.reason = reason
        self.entities = entities
        self.commands = commands
        self.latest = latest
    }
}

/// The handle of a name: lower-case ASCII letters and digits, runs of anything else become one hyphen.
package func deviceHandle(forName name: String) -> String {
    var handle = ""
    for scalar in name.unicodeScalars {
        switch scalar {
        case "a"..."z", "0"..."9": handle.unicodeScalars.append(scalar)
        case "A"..."Z": handle += String(scalar).lowercased()
        default: if !handle.isEmpty, !handle.hasSuffix("-") { handle += "-" }
        }
    }
    while handle.hasSuffix("-") { handle.removeLast() }
    return handle
}
