import HostAPI

extension Routes {
    /// Commands for plugins and devices.
    func addCommandRoutes(_ host: some Host) {
        on(.post, "commands") { call throws(Failure) in
            let request = try await call.body(CommandRequest.self)
            if let milliseconds = request.timeoutMilliseconds, !(1...600_000).contains(milliseconds) {
                throw Failure(
                    .invalidArgument,
                    "timeoutMilliseconds has to be a whole number from 1 to 600000, it is \(milliseconds)."
                )
            }
            return try await host.call(request)
        }
    }
}
