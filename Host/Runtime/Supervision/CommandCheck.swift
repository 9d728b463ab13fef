import HostAPI
import Manifests

/// Whether a command fits what its plugin or device declares. Pure.
enum CommandCheck {
    /// - Parameters:
    ///   - name: The command's.
    ///   - names: What there is; empty: nothing is said about commands, and each is let through.
    ///   - owner: What has the commands, for the sentence.
    /// - Throws: `no-such-command` with the nearest name.
    static func check(_ name: String, isOneOf names: [String], of owner: String) throws(Failure) {
        guard !names.isEmpty, !names.contains(name) else { return }
        throw Failure(
            .noSuchCommand,
            "\(owner) has no command \"\(name)\"",
            hint: Suggestion.nearest(to: name, among: names).map { "did you mean \"\($0)\"?" }
                ?? "it has: \(names.joined(separator: ", "))"
        )
    }

    /// - Parameters:
    ///   - request: A command for the plugin as a whole.
    ///   - declared: The commands of its manifest.
    /// - Returns: The arguments, with defaults filled in.
    /// - Throws: `no-such-command`, or `invalid-argument` with everything that is wrong.
    static func arguments(
        of request: CommandRequest,
        declared: [CommandDeclaration]
    ) throws(Failure) -> [String: JSONValue] {
        try check(request.command, isOneOf: declared.map(\.name), of: request.plugin)
        guard let declaration = declared.first(where: { $0.name == request.command }) else { return request.arguments }
        let filled = declaration.arguments.fillingDefaults(.object(request.arguments))
        let problems = declaration.arguments.validate(filled)
        guard problems.isEmpty else {
            throw Failure(
                .invalidArgument,
                "the arguments of \(request.command) are wrong:\n" + problems.map(\.description).joined(separator: "\n")
            )
        }
        return filled.objectValue ?? request.arguments
    }
}
