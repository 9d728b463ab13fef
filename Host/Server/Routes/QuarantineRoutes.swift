import HostAPI

extension Routes {
    /// The code that is not loaded any more.
    func addQuarantineRoutes(_ host: some Host) {
        on(.get, "quarantine") { _ throws(Failure) in try await host.quarantine() }
        on(.delete, "quarantine/:hashOrPlugin") { call throws(Failure) in
            try await host.liftQuarantine(call.part("hashOrPlugin"))
        }
    }
}
