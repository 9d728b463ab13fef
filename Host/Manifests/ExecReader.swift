import HostAPI

/// Reads one program under `permissions: exec:`.
enum ExecReader {
    private static let keys = ["path", "arguments", "placeholders", "timeout_seconds", "memory_mb", "output_mb"]

    static func read(_ place: Place) -> ExecTemplate? {
        guard let fields = place.fields(keys) else { return nil }
        let path = fields.required("path").flatMap { PermissionsReader.readAbsolutePath($0) }
        let placeholders = readPlaceholders(fields["placeholders"])
        var arguments: [ExecTemplate.Argument] = []
        let items = fields["arguments"]?.list() ?? []
        for item in items {
            let isOperand = arguments.contains { $0.parts == [.literal("--")] }
            guard let argument = readArgument(item, isOperand: isOperand) else { continue }
            for case .placeholder(let name) in argument.parts where placeholders[name] == nil {
                item.refuse(
                    "uses the placeholder {\(name)}, which \"placeholders\" does not declare",
                    suggestion: Suggestion.nearest(to: name, among: placeholders.keys.sorted())
                )
            }
            arguments.append(argument)
        }
        let used = Set(arguments.flatMap(\.parts))
        // An argument that could not be read may have used any of them.
        let isComplete = arguments.count == items.count
        for (name, declaration) in placeholders where isComplete && !used.contains(.placeholder(name)) {
            declaration.entry.refuseKey("is a placeholder that no argument uses")
        }
        var template = ExecTemplate(
            path: path ?? "",
            arguments: arguments,
            placeholders: placeholders.compactMapValues(\.pattern)
        )
        if let limit = fields["timeout_seconds"]?.integer(in: 1...3_600) { template.timeoutSeconds = limit }
        if let limit = fields["memory_mb"]?.integer(in: 8...16_384) { template.memoryMegabytes = limit }
        if let limit = fields["output_mb"]?.integer(in: 1...1_024) { template.outputMegabytes = limit }
        return path == nil ? nil : template
    }

    private static func readPlaceholders(_ place: Place?) -> [String: (entry: Place.Entry, pattern: Pattern?)] {
        var result: [String: (entry: Place.Entry, pattern: Pattern?)] = [:]
        for entry in place?.entries() ?? [] {
            guard NameRule.placeholder.accepts(entry.key) else {
                entry.refuseKey("must be \(NameRule.placeholder.sentence)")
                continue
            }
            result[entry.key] = (entry, entry.value.pattern())
        }
        return result
    }

    private static func readArgument(_ place: Place, isOperand: Bool) -> ExecTemplate.Argument? {
        guard let text = place.text() else { return nil }
        guard !text.utf8.contains(0) else {
            place.refuse("must not contain a NUL character")
            return nil
        }
        guard let parts = split(text) else {
            place.mismatch("text in which braces stand only around a placeholder's name, such as \"--id={id}\"")
            return nil
        }
        let prefix = if case .literal(let literal)? = parts.first { literal } else { "" }
        if !isOperand, parts.count > 1, prefix.hasPrefix("-"), !prefix.contains("=") {
            place.refuse("lets a value choose an option; a placeholder in an option stands after a =, as in --id={id}")
            return nil
        }
        return ExecTemplate.Argument(parts: parts, isOperand: isOperand)
    }

    /// Nil if a brace does not belong to a placeholder.
    private static func split(_ text: String) -> [ExecTemplate.Part]? {
        var parts: [ExecTemplate.Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
            let literal = rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            guard !literal.contains("}"), NameRule.placeholder.accepts(name) else { return nil }
            if !literal.isEmpty { parts.append(.literal(String(literal))) }
            parts.append(.placeholder(name))
            rest = rest[rest.index(after: close)...]
        }
        guard !rest.contains("}") else { return nil }
        if !rest.isEmpty || parts.isEmpty { parts.append(.literal(String(rest))) }
        return parts
    }
}
