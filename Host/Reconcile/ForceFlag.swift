package import HostAPI

/// A switch in the body of a request, as scripts and pages of all sorts write it.
package enum ForceFlag {
    /// True for `true`, `1`, and the texts `true`, `1`, `on` and `yes` in any case; false for everything else.
    package static func parse(_ value: JSONValue?) -> Bool {
        switch value {
        case .bool(let isOn): isOn
        case .integer(let number): number == 1
        case .number(let number): number == 1
        case .string(let text): ["true", "1", "on", "yes"].contains(text.lowercased())
        case .null, .array, .object, nil: false
        }
    }
}

extension ReconcileRequest {
    /// Reads the body of a request for a pass, whatever it is: `{"force": true, "dry_run": false, "plugins": ["kasa"]}`.
    /// What is not an object asks for nothing special.
    package init(body: JSONValue?) {
        self.init(
            plugins: Self.names(body?["plugins"]),
            isForced: ForceFlag.parse(body?["force"]),
            isDryRun: ForceFlag.parse(body?["dry_run"]) || ForceFlag.parse(body?["dryRun"])
        )
    }

    /// What is not a name stays in, as text: nobody who asked for something strange gets a pass over everything.
    private static func names(_ value: JSONValue?) -> [String] {
        switch value {
        case nil, .null?: []
        case .array(let elements)?: elements.map { $0.stringValue ?? $0.text }
        case let value?: [value.stringValue ?? value.text]
        }
    }
}
