import Glibc
import HostAPI

/// Which root directory is meant.
enum RootChoice {
    /// `--root`, else `HEARTH_ROOT`, else what systemd gives a service (`StateDirectory=hearth`: /var/lib/hearth), else the
    /// user's own state directory (XDG Base Directory Specification).
    ///
    /// - Throws: `invalid-argument` if none of them says anything, or the path is relative and there is no directory.
    static func root(option: String?, environment: [String: String]) throws(Failure) -> String {
        guard option != "" else {
            throw Failure(.invalidArgument, "--root is empty", hint: "give a directory, or leave --root out")
        }
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        // A service may have several, separated by colons; the first is ours.
        let stateDirectory = value("STATE_DIRECTORY")?.split(separator: ":").first.map(String.init)
        if let root = option ?? value("HEARTH_ROOT") ?? stateDirectory { return try absolute(root) }
        if let state = value("XDG_STATE_HOME") { return try absolute("\(state)/hearth") }
        if let home = value("HOME") { return try absolute("\(home)/.local/state/hearth") }
        throw Failure(.invalidArgument, "no root directory is given, and there is no HOME", hint: "use --root")
    }

    /// The path from the root of the file system, without a slash at its end.
    ///
    /// - Throws: `invalid-argument` if it is relative and the present directory is gone.
    static func absolute(_ path: String) throws(Failure) -> String {
        var path = path
        if !path.hasPrefix("/") {
            guard let here = getcwd(nil, 0) else {
                throw Failure(.invalidArgument, "the directory in which \(path) would lie is gone")
            }
            path = String(cString: here) + "/" + path
            free(here)
        }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
