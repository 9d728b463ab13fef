package import HostAPI

/// Everything that was checked.
package struct ConformanceReport: Sendable {
    /// One check and what came out of it.
    package struct Result: Sendable, Equatable {
        package var name: String
        package var group: CheckGroup
        package var purpose: String
        package var verdict: Verdict
        package var milliseconds: Int
    }

    /// What was checked, as the user named it.
    package var path: String
    /// Nil: the manifest cannot be read.
    package var plugin: String?
    package var version: String?
    package var results: [Result]

    /// Nothing failed; warnings are allowed.
    package var isPassed: Bool { count(of: "fail") == 0 }

    package var exitStatus: ExitStatus { isPassed ? .ok : .findings }

    package func count(of word: String) -> Int { results.count { $0.verdict.word == word } }

    /// The verdict of the check with that name.
    package subscript(name: String) -> Verdict? { results.first { $0.name == name }?.verdict }

    /// For scripts.
    package var jsonValue: JSONValue {
        .object([
            "path": .string(path),
            "plugin": plugin.map { .string($0) } ?? .null,
            "version": version.map { .string($0) } ?? .null,
            "passed": .bool(isPassed),
            "checks": .array(results.map(\.jsonValue)),
        ])
    }
}

extension ConformanceReport.Result {
    fileprivate var jsonValue: JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name),
            "group": .string(group.rawValue.lowercased()),
            "purpose": .string(purpose),
            "verdict": .string(verdict.word),
            "milliseconds": .integer(Int64(milliseconds)),
        ]
        if !verdict.reason.isEmpty { members["reason"] = .string(verdict.reason) }
        if let mend = verdict.mend { members["mend"] = .string(mend) }
        return .object(members)
    }
}
