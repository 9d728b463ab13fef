import HostAPI

extension Routes {
    /// The problems that a person should know.
    func addAlertRoutes(_ host: some Host) {
        on(.get, "alerts", query: "all") { call throws(Failure) in
            try await host.alerts(includingCleared: call.query.boolean("all"))
        }
    }
}
