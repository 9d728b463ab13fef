internal import HostAPI
internal import Manifests

/// The runner before any plugin was started: what the database says is taken up when they are.
struct NothingRuns: PluginRunner {
    func probe(_ package: Package, codeHash: String) async throws(Failure) {}
    func stop(_ plugin: String) async throws(Failure) -> Bool { false }
    func takeUp(_ plugin: String) async throws(Failure) -> PluginState? { nil }
    func observe(_ plugin: String, for window: Duration) async throws(Failure) {}
}
