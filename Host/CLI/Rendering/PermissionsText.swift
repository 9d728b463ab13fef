import HostAPI

extension JSONValue {
    /// A manifest's permissions as people read them, one kind a line: `network: tcp 9999; udp 9999, 20002`.
    var permissionLines: [String] {
        (objectValue ?? [:]).sorted { $0.key < $1.key }.map { "\($0): \($1.permissionText(of: $0))" }
    }

    /// The same as what the plugin may do, each to be read after "It may": what reaches beyond the plugin itself first.
    var permissionWords: [String] {
        let kinds = [
            ("exec", "run programs on this computer"),
            ("command-devices", "give commands to devices of other plugins"),
            ("read-series", "read what other plugins measure"),
            ("paths", "read files"),
            ("listen", "listen on TCP ports"),
            ("network", "use the network"),
        ]
        let others = (objectValue ?? [:]).keys.sorted().filter { key in !kinds.contains { $0.0 == key } }
        return (kinds + others.map { ($0, $0) }).compactMap { kind, words in
            self[kind].map { "\(words): \($0.permissionText(of: kind))" }
        }
    }

    private func permissionText(of kind: String) -> String {
        switch (kind, self) {
        case ("exec", .object(let programs)):
            programs.sorted { $0.key < $1.key }
                .map { name, program in name + (program["path"]?.stringValue.map { " (\($0))" } ?? "") }
                .joined(separator: ", ")
        case (_, .object(let members)):
            members.sorted { $0.key < $1.key }.map { "\($0) \($1.listText)" }.joined(separator: "; ")
        default: listText
        }
    }

    private var listText: String {
        (arrayValue ?? [self]).map { $0.stringValue ?? $0.text }.joined(separator: ", ")
    }
}
