import HostAPI
import Hummingbird

extension Routes {
    /// The log of a plugin: as it is, or followed.
    func addLogRoutes(_ host: some Host, keepAlive: Duration) {
        onGet("plugins/:id/logs", query: "since", "level", "limit", "follow") { call throws(Failure) in
            let query = LogQuery(
                plugin: try call.part("id"),
                since: try call.query.time("since"),
                level: try call.query.word("level", default: .debug),
                limit: try call.query.integer("limit", in: 0...10_000, default: 200),
                follows: try call.query.boolean("follow")
            )
            let lines = try await host.logs(query)
            guard query.follows else { return try Response.json(try await all(lines, call)) }
            return EventStream(messages: lines, keepAlive: keepAlive, logger: call.logger).response(to: call.request)
        }
    }
}

private func all(
    _ lines: AsyncThrowingStream<LogLine, any Error>,
    _ call: Call
) async throws(Failure) -> [LogLine] {
    var all: [LogLine] = []
    do {
        for try await line in lines { all.append(line) }
    } catch {
        throw Failure(telling: error, logger: call.logger)
    }
    return all
}
