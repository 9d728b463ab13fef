import HostAPI

extension JSONValue {
    /// A manifest's permissions as people read them, one kind a line: `network: tcp 9999; udp 9999, 20002`.
    var permissionLines: [String] {
        (objectValue ?? [:]).sorted { $0.key < $1.key }.map { "\($0): \($1.permissionText(of: $0))" }
    }

    /// One kind of permission.
    func permissionText(of kind: String) -> String {
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
