import HostAPI

extension Routes {
    /// The settings of a plugin.
    func addSettingsRoutes(_ host: some Host) {
        on(.get, "plugins/:id/settings") { call throws(Failure) in
            try await host.settings(ofPlugin: call.part("id"))
        }
        on(.put, "plugins/:id/settings") { call throws(Failure) in
            try await host.saveSettings(call.body(), ofPlugin: call.part("id"))
        }
    }
}
