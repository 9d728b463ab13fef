import HostAPI

extension Routes {
    /// What was measured.
    func addReadingRoutes(_ host: some Host) {
        on(.get, "readings/latest") { _ throws(Failure) in try await host.latestReadings() }
        on(.get, "readings", query: "series", "since", "until", "limit") { call throws(Failure) in
            try await host.readings(
                ReadingsQuery(
                    series: call.query.requiredText("series"),
                    since: call.query.time("since"),
                    until: call.query.time("until"),
                    limit: call.query.integer("limit", in: 1...100_000, default: 1_000)
                )
            )
        }
    }
}
