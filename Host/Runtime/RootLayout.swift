import Glibc
package import HostAPI
package import Installation

/// Where things are under the host's root directory (design part 2).
package struct RootLayout: Sendable, Equatable {
    /// Absolute, without a slash at its end.
    package let root: String

    package init(root: String) {
        self.root = root
    }

    package var runDirectory: String { "\(root)/run" }
    package var socketPath: String { "\(runDirectory)/hostd.sock" }
    package var hostLockPath: String { "\(runDirectory)/hostd.lock" }
    package var stateDatabasePath: String { "\(root)/state.db" }
    package var historyDatabasePath: String { "\(root)/history.db" }
    package var dropInDirectory: String { "\(root)/plugins.d" }
    package var dataDirectory: String { "\(root)/data" }

    /// What was read from registries.
    package var cacheDirectory: String { "\(root)/cache" }
    /// Where installed code lies.
    package var installation: InstallationLayout { InstallationLayout(root: root) }

    package func dataDirectory(of plugin: String) -> String { "\(dataDirectory)/\(plugin)" }
    package func lockPath(of plugin: String) -> String { "\(runDirectory)/\(plugin).lock" }
    package func probeLockPath(of plugin: String) -> String { "\(runDirectory)/\(plugin).probe.lock" }

    /// The longest path that a Unix socket can have, in bytes.
    package static let longestSocketPath = 107

    /// Makes the directories that are missing, for the owner alone.
    ///
    /// - Throws: `bad-configuration` if the root cannot be used, `internal` if the system refuses.
    package func prepare() throws(Failure) {
        guard socketPath.utf8.count <= Self.longestSocketPath else {
            throw Failure(
                .invalidSettings,
                "the root directory \(root) is too long: its socket's path would have \(socketPath.utf8.count) bytes",
                hint:
                    "choose a root whose path has at most \(Self.longestSocketPath - "/run/hostd.sock".utf8.count) bytes"
            )
        }
        for directory in [
            root, runDirectory, dropInDirectory, dataDirectory, cacheDirectory, installation.store,
            installation.staging,
            installation.trash,
        ] {
            try makeDirectory(directory)
        }
        guard chmod(runDirectory, 0o700) == 0 else {
            throw Failure(SystemError(operation: "make \(runDirectory) private", number: errno))
        }
    }

    /// Makes a plugin's own directory.
    package func prepareDataDirectory(of plugin: String) throws(Failure) {
        try makeDirectory(dataDirectory(of: plugin))
    }

    private func makeDirectory(_ path: String) throws(Failure) {
        var partial = ""
        for part in path.split(separator: "/") {
            partial += "/\(part)"
            if mkdir(partial, 0o700) != 0, errno != EEXIST {
                throw Failure(
                    .denied,
                    "the directory \(partial) cannot be made: \(String(cString: strerror(errno)))",
                    hint: "choose another root with --root, or make it and give it to this user"
                )
            }
        }
    }
}
