package import HostAPI
package import Manifests

/// What an installation needs of whoever runs the plugins: to try code, and to change over from one version to another.
/// The host's supervisors conform, and the crash tests' program, which runs nothing.
///
/// Every call is for one plugin, and no two of them for the same plugin are under way at once.
package protocol PluginRunner: Sendable {
    /// Loads code that was never loaded before in a process that is thrown away. The running version goes on meanwhile.
    ///
    /// - Throws: With the reason if it cannot be loaded; a crash or a hang has put its hash into quarantine.
    func probe(_ package: Package, codeHash: String) async throws(Failure)

    /// Ends the plugin's worker.
    ///
    /// - Returns: Whether it ran as it should before: what follows is then held to that.
    /// - Throws: If it could not be ended. Then it still runs.
    func stop(_ plugin: String) async throws(Failure) -> Bool

    /// Takes up what the database says about the plugin: its active version, or that it has none any more. Starts it if it
    /// shall run. Returns once it has started, or has failed to; a failure to start is what `observe` tells.
    ///
    /// - Returns: `needs-host-restart` if code inside hostd itself could not be exchanged; else nil.
    /// - Throws: If the package cannot be read.
    func takeUp(_ plugin: String) async throws(Failure) -> PluginState?

    /// Watches a plugin that was just taken up.
    ///
    /// - Parameters:
    ///   - plugin: Its id.
    ///   - window: For how long it must run without dying; zero: it only must have started.
    /// - Throws: Why it is not healthy. A plugin that the user has stopped or disabled is; so is one that waits for
    ///   credentials, which another version would not have either.
    func observe(_ plugin: String, for window: Duration) async throws(Failure)
}
