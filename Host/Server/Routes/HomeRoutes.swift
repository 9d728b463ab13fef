import HostAPI

extension Routes {
    /// The desired state as a file.
    func addHomeRoutes(_ host: some Host) {
        on(.post, "home/diff") { call throws(Failure) in try await host.diffHome(call.body()) }
        on(.post, "home/apply") { call throws(Failure) in try await host.applyHome(call.body()) }
        on(.get, "home/export") { _ throws(Failure) in ["text": try await host.exportHome()] }
    }
}
