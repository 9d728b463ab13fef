import HostAPI

extension Routes {
    /// The devices of all plugins, or of one.
    func addDeviceRoutes(_ host: some Host) {
        on(.get, "devices", query: "plugin") { call throws(Failure) in
            try await host.devices(ofPlugin: call.query.text("plugin"))
        }
    }
}
