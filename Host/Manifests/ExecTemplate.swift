package import HostAPI

/// A program that the host runs for a plugin: a fixed path and arguments with placeholders, each bound to a pattern, so
/// that no value can become an option or a second argument.
package struct ExecTemplate: Sendable, Equatable {
    /// Absolute.
    package var path: String
    package var arguments: [Argument]
    /// What each placeholder's whole value must match.
    package var placeholders: [String: Pattern]
    /// Seconds until the program is ended.
    package var timeoutSeconds = 60
    /// The limit of its address space, MiB.
    package var memoryMegabytes = 256
    /// The most that it may write to standard output and error together, MiB.
    package var outputMegabytes = 16

    /// One argument: literal text and placeholders, joined.
    package struct Argument: Sendable, Equatable {
        package var parts: [Part]
        /// True after an argument `--`: nothing is an option any more.
        package var isOperand: Bool
    }

    package enum Part: Sendable, Hashable {
        case literal(String)
        case placeholder(String)
    }

    /// The longest value, in bytes of UTF-8.
    package static let valueLimit = 4_096

    /// The argument list, without the path.
    ///
    /// - Parameter values: a JSON object with exactly one text or integer for each placeholder.
    /// - Returns: what follows the program's name, element by element.
    /// - Throws: `ExecTemplateError`: the first thing that is wrong.
    package func fill(_ values: JSONValue) throws(ExecTemplateError) -> [String] {
        guard case .object(let members) = values else { throw .notAnObject }
        for name in members.keys.sorted() where placeholders[name] == nil {
            throw .unknown(name, suggestion: Suggestion.nearest(to: name, among: placeholders.keys.sorted()))
        }
        var texts: [String: String] = [:]
        for (name, pattern) in placeholders.sorted(by: { $0.key < $1.key }) {
            guard let value = members[name] else { throw .missing(name) }
            texts[name] = try checked(value, name, pattern)
        }
        var result: [String] = []
        for argument in arguments {
            result.append(try fill(argument, texts))
        }
        return result
    }

    private func checked(_ value: JSONValue, _ name: String, _ pattern: Pattern) throws(ExecTemplateError) -> String {
        let text: String
        switch value {
        case .string(let string): text = string
        case .integer(let integer): text = String(integer)
        default: throw .notText(name, value.kindName)
        }
        guard !text.utf8.contains(0) else { throw .containsNUL(name) }
        guard text.utf8.count <= Self.valueLimit else { throw .tooLong(name) }
        guard pattern.matchesWhole(text) else { throw .noMatch(name, pattern: pattern.source) }
        return text
    }

    private func fill(_ argument: Argument, _ texts: [String: String]) throws(ExecTemplateError) -> String {
        var result = ""
        for part in argument.parts {
            switch part {
            case .literal(let text): result += text
            case .placeholder(let name): result += texts[name] ?? ""
            }
        }
        // Judged on the whole argument: with {a}{b} and an empty a, it is b that comes first.
        if !argument.isOperand, case .placeholder(let name) = argument.parts.first, result.utf8.first == 0x2D {
            throw .looksLikeOption(name)
        }
        return result
    }
}

/// A placeholder's value is refused. Values are not repeated: they come from plugins and may be secret.
package enum ExecTemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    case notAnObject
    case unknown(String, suggestion: String?)
    case missing(String)
    case notText(String, String)
    case containsNUL(String)
    case tooLong(String)
    case noMatch(String, pattern: String)
    case looksLikeOption(String)

    package var description: String {
        switch self {
        case .notAnObject: "the arguments must be a JSON object"
        case .unknown(let name, let suggestion):
            "the program has no placeholder \(quoted(name))"
                + (suggestion.map { " (did you mean \"\($0)\"?)" } ?? "")
        case .missing(let name): "a value for the placeholder \"\(name)\" is missing"
        case .notText(let name, let kind): "the value of \"\(name)\" must be text or an integer, is \(kind)"
        case .containsNUL(let name): "the value of \"\(name)\" contains a NUL character"
        case .tooLong(let name): "the value of \"\(name)\" is longer than \(ExecTemplate.valueLimit) bytes"
        case .noMatch(let name, let pattern):
            "the value of \"\(name)\" does not match the manifest's pattern \(pattern)"
        case .looksLikeOption(let name): "the value of \"\(name)\" begins with - and would be taken for an option"
        }
    }
}

extension ExecTemplateError: FailureConvertible {
    package var failure: Failure { Failure(.invalidArgument, description) }
}

extension ExecTemplate {
    /// The declaration as the manifest has it, with the limits in force.
    package var jsonValue: JSONValue {
        .object([
            "path": .string(path),
            "arguments": .array(arguments.map { .string($0.source) }),
            "placeholders": .object(placeholders.mapValues { .string($0.source) }),
            "timeout_seconds": .integer(Int64(timeoutSeconds)),
            "memory_mb": .integer(Int64(memoryMegabytes)),
            "output_mb": .integer(Int64(outputMegabytes)),
        ])
    }
}

extension ExecTemplate.Argument {
    /// The argument as it is written: `--format={format}`.
    package var source: String {
        parts.map { part in
            switch part {
            case .literal(let text): text
            case .placeholder(let name): "{\(name)}"
            }
        }.joined()
    }
}
