import HostAPI
import Installation
import Store

/// What parts of the host ask the database, with failures as users see them.
extension PluginServices {
    /// Where the active version lies.
    func directory(of installed: InstalledPlugin) -> String {
        layout.installation.directory(of: installed.version)
    }

    func installedPlugins() async throws(Failure) -> [InstalledPlugin] {
        try await ask { database throws(StoreError) in try database.installedPlugins() }
    }

    func installedPlugin(_ id: String) async throws(Failure) -> InstalledPlugin? {
        try await ask { database throws(StoreError) in try database.installedPlugin(id) }
    }

    func settings(of plugin: String) async throws(Failure) -> PluginSettings {
        try await ask { database throws(StoreError) in PluginSettings(try database.settings(ofPlugin: plugin)) }
    }

    /// Reads or writes, and waits for it.
    func ask<Value: Sendable>(
        _ body: @escaping @Sendable (StateDatabase) throws(StoreError) -> Value
    ) async throws(Failure) -> Value {
        do throws(StoreError) {
            return try await ledger.perform(body)
        } catch {
            throw error.failure
        }
    }

    /// Nothing is remembered in memory of a plugin that is not there any more. What it stored stays.
    func forget(_ plugin: String) {
        board.remove(plugin)
        for device in devices.devices(ofPlugin: plugin) { _ = devices.remove(device.id, ofPlugin: plugin) }
        alerts.clearAll(of: plugin)
        events.publish("plugin.removed", plugin: plugin, "\(plugin) is gone")
    }
}
