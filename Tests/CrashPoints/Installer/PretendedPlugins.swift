internal import HostAPI
internal import Installation
internal import Manifests
internal import Store
internal import Synchronization

/// Plugins that run as far as the installer can tell: whatever is installed and enabled does, but for one version.
final class PretendedPlugins: PluginRunner {
    /// Starts, and never becomes healthy.
    private static let illVersion = "6.6.6"

    private let ledger: Ledger
    /// The versions that run, by plugin.
    private let running = Mutex<[String: String]>([:])

    init(ledger: Ledger) {
        self.ledger = ledger
    }

    /// What the host does at its start, once the installer has recovered.
    func start() async throws(Failure) {
        do throws(StoreError) {
            for plugin in try await ledger.installedPlugins() { note(plugin, id: plugin.id) }
        } catch {
            throw error.failure
        }
    }

    func probe(_ package: Package, codeHash: String) async throws(Failure) {}

    func stop(_ plugin: String) async throws(Failure) -> Bool {
        let version = running.withLock { running in running.removeValue(forKey: plugin) }
        return version != nil && version != Self.illVersion
    }

    func takeUp(_ plugin: String) async throws(Failure) -> PluginState? {
        do throws(StoreError) { note(try await ledger.installedPlugin(plugin), id: plugin) } catch {
            throw error.failure
        }
        return nil
    }

    func observe(_ plugin: String, for window: Duration) async throws(Failure) {
        guard running.withLock({ running in running[plugin] }) != Self.illVersion else {
            throw Failure(.internalError, "\(plugin) \(Self.illVersion) died")
        }
    }

    private func note(_ plugin: InstalledPlugin?, id: String) {
        running.withLock { running in running[id] = plugin?.isEnabled == true ? plugin?.version.version : nil }
    }
}
