import Client
import HostAPI

/// Finds the host: by what the user said, else by trying the usual places.
struct RootDiscovery: Sendable {
    struct Root: Sendable, Equatable {
        var directory: String
        var path: SocketPath
    }

    var environment: @Sendable (String) -> String?
    /// Connects to a host's socket and hangs up; nil if somebody accepts.
    var probe: @Sendable (SocketPath) -> Failure? = { $0.probe() }

    /// Where a host may be when nobody says where, in this order.
    var usualDirectories: [String] {
        var directories = ["/var/lib/hearth"]
        let home = set("HOME").map { $0 + "/.local/state" }
        // The second is the home that `make run` simulates.
        if let state = set("XDG_STATE_HOME") ?? home {
            directories += [state + "/hearth", state + "/hearth-simulated"]
        }
        return directories
    }

    /// The root that the user named, tried or not; else the first usual one in which a host answers.
    ///
    /// - Throws: `unreachable`, naming where it looked; `denied` if a host is there for other users only.
    func root(_ option: String?) throws(Failure) -> Root {
        if let named = option ?? set("HEARTH_ROOT") {
            guard !named.isEmpty else { throw Failure(.invalidArgument, "--root needs a directory.") }
            return Root(directory: named, path: try SocketPath(ofRoot: named))
        }
        var denied: Failure?
        for directory in usualDirectories {
            // A directory whose path is too long for a socket cannot have a host.
            guard let path = try? SocketPath(ofRoot: directory) else { continue }
            guard let failure = probe(path) else { return Root(directory: directory, path: path) }
            if failure.code == .denied, denied == nil { denied = failure }
        }
        throw denied
            ?? Failure(
                .unreachable,
                "No host runs in \(usualDirectories.joined(separator: ", ")).",
                hint: "Start one with `hostd`, or say where it is with `--root DIRECTORY` or HEARTH_ROOT."
            )
    }

    private func set(_ name: String) -> String? {
        environment(name).flatMap { $0.isEmpty ? nil : $0 }
    }
}
