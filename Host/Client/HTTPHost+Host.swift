package import HostAPI

/// One route of `docs/api.md` each.
extension HTTPHost: Host {
    package func status() async throws(Failure) -> HostStatus {
        try await answer(Request(path: ["status"]))
    }

    package func plugins() async throws(Failure) -> [PluginSummary] {
        try await answer(Request(path: ["plugins"]))
    }

    package func plugin(_ id: String) async throws(Failure) -> PluginDetail {
        try await answer(Request(path: ["plugins", id]))
    }

    package func control(_ id: String, _ action: PluginAction) async throws(Failure) -> PluginSummary {
        // Longer than the host's own limits for stopping (7 s), probing (5 s) and starting (10 s) together.
        try await answer(
            Request(method: .post, path: ["plugins", id, action.rawValue], patience: .total(.seconds(60)))
        )
    }

    package func resources() async throws(Failure) -> [ResourceUsage] {
        try await answer(Request(path: ["resources"]))
    }

    package func devices(ofPlugin plugin: String?) async throws(Failure) -> [Device] {
        try await answer(Request(path: ["devices"], query: [("plugin", plugin)]))
    }

    package func latestReadings() async throws(Failure) -> [LatestReading] {
        try await answer(Request(path: ["readings", "latest"]))
    }

    package func readings(_ query: ReadingsQuery) async throws(Failure) -> ReadingsPage {
        try await answer(
            Request(
                path: ["readings"],
                query: [
                    ("series", query.series),
                    ("since", query.since?.description),
                    ("until", query.until?.description),
                    ("limit", String(query.limit)),
                ]
            )
        )
    }

    package func call(_ request: CommandRequest) async throws(Failure) -> CommandResult {
        // The host keeps the time; the client only waits a little longer.
        let allowed = Duration.milliseconds(request.timeoutMilliseconds ?? 30_000)
        return try await answer(
            Request(
                method: .post,
                path: ["commands"],
                body: try Self.encode(request),
                patience: .total(allowed + .seconds(5))
            )
        )
    }

    package func settings(ofPlugin id: String) async throws(Failure) -> SettingsDocument {
        try await answer(Request(path: ["plugins", id, "settings"]))
    }

    package func saveSettings(_ save: SettingsSave, ofPlugin id: String) async throws(Failure) -> SettingsResult {
        // A change may restart the plugin.
        try await answer(
            Request(
                method: .put,
                path: ["plugins", id, "settings"],
                body: try Self.encode(save),
                patience: .total(.seconds(60))
            )
        )
    }

    package func logs(_ query: LogQuery) async throws(Failure) -> AsyncThrowingStream<LogLine, any Error> {
        let request = Request(
            path: ["plugins", query.plugin, "logs"],
            query: [
                ("since", query.since?.description),
                ("level", query.level.rawValue),
                ("limit", String(query.limit)),
                ("follow", query.follows ? "true" : nil),
            ]
        )
        guard !query.follows else { return try await stream(request) }
        let lines: [LogLine] = try await answer(request)
        return AsyncThrowingStream { continuation in
            for line in lines { continuation.yield(line) }
            continuation.finish()
        }
    }

    package func events(after number: UInt64?) async throws(Failure) -> AsyncThrowingStream<Event, any Error> {
        try await stream(Request(path: ["events"], query: [("after", number.map { String($0) })]))
    }

    package func alerts(includingCleared: Bool) async throws(Failure) -> [Alert] {
        try await answer(Request(path: ["alerts"], query: [("all", includingCleared ? "true" : nil)]))
    }

    package func quarantine() async throws(Failure) -> [QuarantineEntry] {
        try await answer(Request(path: ["quarantine"]))
    }

    package func liftQuarantine(_ hashOrPlugin: String) async throws(Failure) -> [QuarantineEntry] {
        try await answer(Request(method: .delete, path: ["quarantine", hashOrPlugin]))
    }
}
