import ArgumentParser
import Glibc
import HostAPI

/// `hostctl plugin …`: the tools for authors are a program of their own, so that this one stays small.
struct PluginTools: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin",
        abstract: "Tools for authors: new, check, pack. `hostctl plugin help` lists them."
    )

    @Argument(parsing: .captureForPassthrough, help: "What to do; see `hostctl plugin help`.")
    var arguments: [String] = []

    func run() throws {
        throw Self.execute(try Self.location(), arguments)
    }

    /// Installed and built alike, beside `hostctl` or in `../libexec/hearth`.
    static func candidates(besideProgram path: String) -> [String] {
        let directory = LocalPath.directory(of: path)
        return ["\(directory)/hearth-plugin", "\(directory)/../libexec/hearth/hearth-plugin"]
    }

    private static func location() throws(Failure) -> String {
        guard let resolved = realpath("/proc/self/exe", nil) else {
            throw Failure(.internalError, "The place of hostctl itself cannot be found.")
        }
        defer { free(resolved) }
        return try location(among: candidates(besideProgram: String(cString: resolved)))
    }

    /// The first that is there.
    ///
    /// - Throws: `internal` if none is.
    static func location(among candidates: [String]) throws(Failure) -> String {
        if let found = candidates.first(where: { access($0, X_OK) == 0 }) { return found }
        throw Failure(
            .internalError,
            "hearth-plugin is not there: looked at \(candidates.joined(separator: " and ")).",
            hint: "Build or install the whole of Hearth."
        )
    }

    /// Becomes that program; returns only if that fails, and then why.
    private static func execute(_ path: String, _ arguments: [String]) -> Failure {
        var words = (["hostctl plugin"] + arguments).map { strdup($0) } + [nil]
        execv(path, &words)
        let reason = String(cString: strerror(errno))
        for word in words { free(word) }
        return Failure(.internalError, "\(path) cannot be run: \(reason)")
    }
}
