import HostAPI

/// A device as a plugin announces it: the JSON object of `hearth.devices/1`. Pure.
struct DeviceAnnouncement {
    /// Reads an announcement.
    ///
    /// - Throws: A sentence about the first member that breaks the rules.
    static func device(parsing document: String, plugin: String) throws(Rejection) -> Device {
        guard let value = try? JSONValue(parsing: document), case .object(let members) = value else {
            throw Rejection(reason: "a device is a JSON object")
        }
        let id = try requiredText("id", in: members)
        guard isDeviceID(id) else {
            throw Rejection(reason: "the device id \"\(id)\" is not made of 1 to 64 letters, digits, . _ : or -")
        }
        let name = try text("name", in: members) ?? id
        return Device(
            plugin: plugin,
            id: id,
            name: name,
            handle: "",
            kind: try text("kind", in: members) ?? "device",
            model: try text("model", in: members),
            parent: try text("parent", in: members),
            address: try text("address", in: members),
            firmware: try text("firmware", in: members),
            entities: try array("entities", in: members).map(entity),
            commands: try array("commands", in: members).map(command)
        )
    }

    /// Why an announcement is refused.
    struct Rejection: Error, CustomStringConvertible {
        let reason: String
        var description: String { reason }
    }

    private static func isDeviceID(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private static func entity(_ value: JSONValue) throws(Rejection) -> Entity {
        guard let members = value.objectValue else { throw Rejection(reason: "an entity is a JSON object") }
        return Entity(
            id: try requiredText("id", in: members),
            name: try text("name", in: members),
            unit: try text("unit", in: members),
            kind: try text("kind", in: members) ?? "number"
        )
    }

    private static func command(_ value: JSONValue) throws(Rejection) -> CommandDescription {
        guard let members = value.objectValue else { throw Rejection(reason: "a command is a JSON object") }
        return CommandDescription(
            name: try requiredText("name", in: members),
            title: try text("title", in: members),
            arguments: members["arguments"]
        )
    }

    private static func text(_ key: String, in members: [String: JSONValue]) throws(Rejection) -> String? {
        switch members[key] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        case let value?: throw Rejection(reason: "\"\(key)\" is \(value.kindName), not a text")
        }
    }

    private static func requiredText(_ key: String, in members: [String: JSONValue]) throws(Rejection) -> String {
        guard let text = try text(key, in: members), !text.isEmpty else {
            throw Rejection(reason: "\"\(key)\" is missing")
        }
        return text
    }

    private static func array(_ key: String, in members: [String: JSONValue]) throws(Rejection) -> [JSONValue] {
        switch members[key] {
        case nil, .null?: return []
        case .array(let values)?: return values
        case let value?: throw Rejection(reason: "\"\(key)\" is \(value.kindName), not an array")
        }
    }
}
