/// A thing in the home.
public struct Device: Hashable, Sendable {
    /// A property that has readings.
    public struct Entity: Hashable, Sendable {
        /// What its values are.
        public enum Kind: String, Sendable {
            case number
            case boolean
            case text
        }

        /// `[a-z][a-z0-9_-]{0,63}`: "power".
        public var id: String
        /// For people; the id if there is none.
        public var name: String?
        public var unit: String?
        public var kind: Kind

        public init(_ id: String, _ kind: Kind, unit: String? = nil, name: String? = nil) {
            self.id = id
            self.name = name
            self.unit = unit
            self.kind = kind
        }
    }

    /// An action on the device.
    public struct Action: Hashable, Sendable {
        /// As in ``Command/name``: "turn-on".
        public var name: String
        /// For people.
        public var title: String?
        /// A JSON Schema of the arguments; ``JSON/null`` if it takes none.
        public var arguments: JSON

        public init(_ name: String, title: String? = nil, arguments: JSON = .null) {
            self.name = name
            self.title = title
            self.arguments = arguments
        }
    }

    /// `[A-Za-z0-9._:-]{1,64}`, kept for ever: history hangs on it.
    public var id: String
    public var name: String
    /// "plug", "light", "thermostat", …
    public var kind: String
    public var model: String?
    /// The id of the device that this one is a part of.
    public var parent: String?
    /// Where it is reached: "192.168.1.20".
    public var address: String?
    public var firmware: String?
    public var entities: [Entity]
    public var commands: [Action]
    /// More members for the host to keep and show.
    public var details: [String: JSON]

    public init(
        id: String,
        name: String,
        kind: String,
        model: String? = nil,
        parent: String? = nil,
        address: String? = nil,
        firmware: String? = nil,
        entities: [Entity] = [],
        commands: [Action] = [],
        details: [String: JSON] = [:]
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.model = model
        self.parent = parent
        self.address = address
        self.firmware = firmware
        self.entities = entities
        self.commands = commands
        self.details = details
    }

    /// The device as the host takes it.
    public var json: JSON {
        var json = JSON.object(details)
        json["id"] = .text(id)
        json["name"] = .text(name)
        json["kind"] = .text(kind)
        json["model"] = model.map(JSON.text) ?? .null
        json["parent"] = parent.map(JSON.text) ?? .null
        json["address"] = address.map(JSON.text) ?? .null
        json["firmware"] = firmware.map(JSON.text) ?? .null
        json["entities"] = .array(entities.map(\.json))
        json["commands"] = .array(commands.map(\.json))
        return json
    }
}

extension Device.Entity {
    fileprivate var json: JSON {
        var json: JSON = ["id": .text(id), "kind": .text(kind.rawValue)]
        json["name"] = name.map(JSON.text) ?? .null
        json["unit"] = unit.map(JSON.text) ?? .null
        return json
    }
}

extension Device.Action {
    fileprivate var json: JSON {
        var json: JSON = ["name": .text(name)]
        json["title"] = title.map(JSON.text) ?? .null
        json["arguments"] = arguments
        return json
    }
}
