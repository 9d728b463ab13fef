import HostAPI
package import Manifests

/// One setting that the file says.
package struct OwnedSetting: Sendable, Equatable {
    /// The names of the objects it is in, and its own.
    package var path: [String]
    /// A scalar, an array or an empty object; null: its default.
    package var value: YAMLNode
    /// Where its name stands.
    package var mark: SourceMark

    /// A JSON pointer into the settings.
    package var pointer: String { path.reduce("") { JSONPointer.member($1, of: $0) } }
}

extension HomePlugin {
    /// Every setting that the file says: the members of objects one by one, in the order of the file.
    package var ownedSettings: [OwnedSetting] {
        guard let settings else { return [] }
        var owned: [OwnedSetting] = []
        func collect(_ members: [YAMLNode.Member], in path: [String]) {
            for member in members {
                let path = path + [member.key]
                if case .mapping(let inner) = member.value.content, !inner.isEmpty {
                    collect(inner, in: path)
                } else {
                    owned.append(OwnedSetting(path: path, value: member.value, mark: member.keyMark))
                }
            }
        }
        if case .mapping(let members) = settings.content { collect(members, in: []) }
        return owned
    }
}

extension OwnedSetting {
    /// Whether the settings in force, with their defaults, and what is saved of them are as the file wants it.
    func agrees(effective: JSONValue, saved: JSONValue) -> Bool {
        switch value.jsonValue {
        case .null:
            saved.value(at: path[...]).map { $0 == .null } ?? true
        case .object:
            effective.value(at: path[...])?.objectValue != nil
        case let wanted:
            effective.value(at: path[...]).map { $0.isSame(as: wanted) } ?? false
        }
    }
}

extension JSONValue {
    /// The value at the end of the path; nil if there is none.
    func value(at path: ArraySlice<String>) -> JSONValue? {
        guard let name = path.first else { return self }
        return self[name]?.value(at: path.dropFirst())
    }

    /// The document with that value at the end of the path; null takes out what is there.
    func setting(_ path: ArraySlice<String>, to value: JSONValue) -> JSONValue {
        guard let name = path.first else { return value }
        var members = objectValue ?? [:]
        if path.count == 1, value == .null {
            members[name] = nil
        } else if value == .null, members[name]?.objectValue == nil {
            // There is nothing to take out.
            return self
        } else {
            members[name] = (members[name] ?? .object([:])).setting(path.dropFirst(), to: value)
        }
        return .object(members)
    }
}
