import HostAPI

extension Routes {
    /// What happens in the host, as it happens.
    func addEventRoutes(_ host: some Host, keepAlive: Duration) {
        onGet("events", query: "after") { call throws(Failure) in
            let inQuery = try call.query.number("after")
            // A browser that connects again asks with the old query, but knows better.
            let number = try call.number(inHeader: "Last-Event-ID") ?? inQuery
            let events = try await host.events(after: number)
            return EventStream(messages: events, keepAlive: keepAlive, logger: call.logger) { $0.number }
                .response(to: call.request)
        }
    }
}
