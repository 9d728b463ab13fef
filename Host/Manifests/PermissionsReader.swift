/// Reads the key `permissions`.
enum PermissionsReader {
    static func read(_ place: Place) -> Permissions? {
        let keys = ["network", "listen", "read-series", "command-devices", "paths", "exec"]
        guard let fields = place.fields(keys) else { return nil }
        var permissions = Permissions()
        if let network = fields["network"]?.fields(["tcp", "udp"]) {
            permissions.tcp = network["tcp"].map(readPortRule) ?? .ports([])
            permissions.udp = network["udp"].map(readPortRule) ?? .ports([])
        }
        permissions.listen = fields["listen"].map { readPorts($0.list() ?? []) } ?? []
        permissions.readSeries = readPatterns(fields["read-series"], "plugin/device/entity", NamePattern.series)
        permissions.commandDevices = readPatterns(fields["command-devices"], "plugin/device", NamePattern.device)
        permissions.paths = (fields["paths"]?.list() ?? []).compactMap { readAbsolutePath($0) }
        for entry in fields["exec"]?.entries() ?? [] {
            guard NameRule.command.accepts(entry.key) else {
                entry.refuseKey("must be \(NameRule.command.sentence)")
                continue
            }
            permissions.programs[entry.key] = ExecReader.read(entry.value)
        }
        return permissions
    }

    private static func readPortRule(_ place: Place) -> PortRule {
        switch place.node.content {
        case .text("any"):
            return .any
        case .sequence(let items) where items.map(\.content) == [.text("any")]:
            return .any
        case .sequence:
            return .ports(readPorts(place.list() ?? []))
        default:
            place.mismatch("a list of ports or the word any")
            return .ports([])
        }
    }

    private static func readPorts(_ places: [Place]) -> [UInt16] {
        let ports = places.compactMap { place in
            place.integer(in: 1...65_535, called: "a port from 1 to 65535").map(UInt16.init)
        }
        return Set(ports).sorted()
    }

    private static func readPatterns(
        _ place: Place?,
        _ form: String,
        _ parse: (String) -> NamePattern?
    ) -> [NamePattern] {
        (place?.list() ?? []).compactMap { item in
            guard let text = item.text() else { return nil }
            if let pattern = parse(text) { return pattern }
            item.mismatch("\(form), each part a name or *")
            return nil
        }
    }

    static func readAbsolutePath(_ place: Place) -> String? {
        guard let text = place.text() else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let isClean = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
        if text.hasPrefix("/"), isClean, !text.utf8.contains(0) { return text }
        place.mismatch("an absolute path without . or ..")
        return nil
    }
}
