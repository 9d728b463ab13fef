import HostAPI

extension Routes {
    /// The host as a whole, and what it costs.
    func addStatusRoutes(_ host: some Host) {
        on(.get, "status") { _ throws(Failure) in try await host.status() }
        on(.get, "resources") { _ throws(Failure) in try await host.resources() }
    }
}
