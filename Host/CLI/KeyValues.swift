import HostAPI

/// Arguments as a user types them: `key=value` pairs and, under them, one JSON object.
struct KeyValues: Sendable, Equatable {
    private(set) var members: [String: JSONValue] = [:]

    /// - Parameters:
    ///   - pairs: `key=value` each.
    ///   - json: the text of a JSON object; pairs replace its members.
    /// - Throws: `invalid-argument` for what is neither.
    init(_ pairs: [String], onTopOf json: String? = nil) throws(Failure) {
        if let json {
            guard case .object(let object)? = try? JSONValue(parsing: json) else {
                throw Failure(
                    .invalidArgument,
                    "The arguments are not a JSON object: \(json.excerpt)",
                    hint: #"Like this: --arguments '{"brightness": 40}'"#
                )
            }
            members = object
        }
        var seen: Set<String> = []
        for pair in pairs {
            let (key, value) = try Self.split(pair)
            guard seen.insert(key).inserted else {
                throw Failure(.invalidArgument, "\"\(key.excerpt)\" is given twice.")
            }
            members[key] = value
        }
    }

    /// The two sides of `key=value`: JSON if the value parses as such, else text.
    ///
    /// - Throws: `invalid-argument` without a key or without `=`.
    static func split(_ pair: String) throws(Failure) -> (key: String, value: JSONValue) {
        guard let sign = pair.firstIndex(of: "="), sign != pair.startIndex else {
            throw Failure(
                .invalidArgument,
                "\"\(pair.excerpt)\" is not key=value.",
                hint: "Like this: brightness=40, name=\"Desk lamp\", colour='{\"hue\": 30}'"
            )
        }
        let text = String(pair[pair.index(after: sign)...])
        return (String(pair[..<sign]), (try? JSONValue(parsing: text)) ?? .string(text))
    }
}
