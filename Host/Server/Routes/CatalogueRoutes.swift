import HostAPI

extension Routes {
    /// What the registry has.
    func addCatalogueRoutes(_ host: some Host) {
        on(.get, "catalogue", query: "words") { call throws(Failure) in
            try await host.search(call.query.text("words"))
        }
    }
}
