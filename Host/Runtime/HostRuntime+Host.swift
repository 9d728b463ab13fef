import Glibc
package import HostAPI
import Installation
import Manifests
import Store
import Synchronization

/// The live host: what can be asked, answered.
extension HostRuntime: Host {
    /// How long a command may take if its caller does not say.
    static let usualTimeout = 30_000
    static let longestTimeout = 600_000

    package func status() async throws(Failure) -> HostStatus {
        let plugins = services.board.all
        let devices = services.devices.devices()
        let counts = Dictionary(grouping: plugins, by: \.state.rawValue).mapValues(\.count)
        let (health, summary) = HostHealth.judge(
            plugins: plugins,
            isSafeMode: services.isSafeMode,
            openAlerts: services.alerts.count,
            gravestAlert: services.alerts.standing.first?.title
        )
        let statistics = services.history.statistics
        return HostStatus(
            version: hearthVersion,
            processID: getpid(),
            root: layout.root,
            startedAt: startedAt,
            health: health,
            summary: summary,
            pluginsByState: counts,
            devices: devices.count,
            devicesOffline: devices.count { $0.availability == .offline },
            openAlerts: services.alerts.count,
            readingsStored: statistics.stored,
            readingsDropped: statistics.dropped,
            changesUnderWay: installer.openChangeCount + dropIns.count,
            lastEvent: services.events.lastRemembered
        )
    }

    package func plugins() async throws(Failure) -> [PluginSummary] {
        services.board.all
    }

    package func plugin(_ id: String) async throws(Failure) -> PluginDetail {
        await (try supervisor(id)).detail()
    }

    package func control(_ id: String, _ action: PluginAction) async throws(Failure) -> PluginSummary {
        let supervisor = try supervisor(id)
        if action == .enable || action == .disable {
            try await ownership.permit(["/enabled"], of: id)
            try await installer.setEnabled(action == .enable, plugin: id, author: "user")
        }
        return try await supervisor.control(action)
    }

    package func resources() async throws(Failure) -> [ResourceUsage] {
        var usage: [ResourceUsage] = []
        if let own = ResourceSampler.sample(getpid(), name: "hostd", restarts: 0) { usage.append(own) }
        for summary in services.board.all {
            guard let supervisor = try? supervisor(summary.id), let used = await supervisor.resources() else {
                continue
            }
            usage.append(used)
        }
        return usage
    }

    // MARK: Devices and readings

    package func devices(ofPlugin plugin: String?) async throws(Failure) -> [Device] {
        if let plugin { _ = try supervisor(plugin) }
        let latest = Dictionary(grouping: services.history.latest()) { "\($0.series.plugin)/\($0.series.device)" }
        return services.devices.devices(ofPlugin: plugin).map { device in
            var device = device
            // In the order in which the plugin announces them: what matters comes first.
            let order = Dictionary(device.entities.enumerated().map { ($1.id, $0) }) { first, _ in first }
            device.latest = (latest["\(device.plugin)/\(device.id)"] ?? []).sorted { left, right in
                (order[left.series.entity] ?? .max, left.series.entity) < (
                    order[right.series.entity] ?? .max, right.series.entity
                )
            }
            return device
        }
    }

    package func latestReadings() async throws(Failure) -> [LatestReading] {
        services.history.latest()
    }

    package func readings(_ query: ReadingsQuery) async throws(Failure) -> ReadingsPage {
        guard (1...100_000).contains(query.limit) else {
            throw Failure(.invalidArgument, "the limit \(query.limit) is not within 1 to 100000")
        }
        let series = try seriesName(query.series)
        let page: ReadingsPage?
        do throws(StoreError) {
            page = try services.history.readings(series, since: query.since, until: query.until, limit: query.limit)
        } catch {
            throw error.failure
        }
        if let page { return page }
        let entities = services.history.latest()
            .filter { $0.series.plugin == series.plugin && $0.series.device == series.device }
            .map(\.series.entity)
        throw Failure(
            .noSuchSeries,
            "there are no readings of \(query.series)",
            hint: Suggestion.nearest(to: series.entity, among: entities).map { "did you mean \"\($0)\"?" }
                ?? (entities.isEmpty
                    ? "`hostctl readings` lists all series" : "it has: \(entities.joined(separator: ", "))")
        )
    }

    /// The series that a user means; a device that is gone is known by its id.
    private func seriesName(_ text: String) throws(Failure) -> SeriesName {
        let parts = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else {
            throw Failure(
                .invalidArgument,
                "\"\(text)\" is not a series",
                hint: "write plugin/device/entity; `hostctl readings` lists all series"
            )
        }
        let literal = SeriesName(plugin: parts[0], device: parts[1], entity: parts[2])
        if services.history.latest(of: literal) != nil { return literal }
        _ = try supervisor(parts[0])
        let device = try services.devices.find(parts[1], ofPlugin: parts[0])
        return SeriesName(plugin: parts[0], device: device.id, entity: parts[2])
    }

    // MARK: Commands

    package func call(_ request: CommandRequest) async throws(Failure) -> CommandResult {
        let supervisor = try supervisor(request.plugin)
        let timeout = request.timeoutMilliseconds ?? Self.usualTimeout
        guard (1...Self.longestTimeout).contains(timeout) else {
            throw Failure(.invalidArgument, "the timeout \(timeout) ms is not within 1 to \(Self.longestTimeout)")
        }
        var device: Device?
        var arguments = request.arguments
        if let name = request.device {
            let found = try services.devices.find(name, ofPlugin: request.plugin)
            try CommandCheck.check(request.command, isOneOf: found.commands.map(\.name), of: found.name)
            device = found
        } else {
            arguments = try CommandCheck.arguments(of: request, declared: await supervisor.declaredCommands)
        }
        let begun = ContinuousClock.now
        let target = device.map { "\(request.plugin)/\($0.handle)" } ?? request.plugin
        do throws(Failure) {
            let answer = try await supervisor.command(
                device: device?.id,
                name: request.command,
                arguments: JSONValue.object(arguments).text,
                timeout: .milliseconds(timeout)
            )
            let elapsed = ContinuousClock.now - begun
            services.events.publish(
                "command",
                plugin: request.plugin,
                device: device?.id,
                "\(target) \(request.command): done"
            )
            return CommandResult(
                result: (try? JSONValue(parsing: answer.json)) ?? .null,
                message: answer.message,
                milliseconds: elapsed.fractionalMilliseconds
            )
        } catch {
            services.events.publish(
                "command",
                plugin: request.plugin,
                device: device?.id,
                "\(target) \(request.command): failed: \(error.message)"
            )
            throw error
        }
    }

    // MARK: Settings

    package func settings(ofPlugin id: String) async throws(Failure) -> SettingsDocument {
        await (try supervisor(id)).settingsDocument()
    }

    package func saveSettings(_ save: SettingsSave, ofPlugin id: String) async throws(Failure) -> SettingsResult {
        let isOverriding = save.overridesFile ?? false
        return try await supervisor(id).save(save, author: "api") { [ownership] pointers throws(Failure) in
            try await ownership.permit(pointers.map { "/settings\($0)" }, of: id, isOverriding: isOverriding)
        }
    }

    // MARK: Logs, events, alerts

    package func logs(_ query: LogQuery) async throws(Failure) -> AsyncThrowingStream<LogLine, any Error> {
        _ = try supervisor(query.plugin)
        guard (0...10_000).contains(query.limit) else {
            throw Failure(.invalidArgument, "the limit \(query.limit) is not within 0 to 10000")
        }
        return services.logs.lines(query)
    }

    package func events(after number: UInt64?) async throws(Failure) -> AsyncThrowingStream<Event, any Error> {
        services.events.events(after: number)
    }

    package func alerts(includingCleared: Bool) async throws(Failure) -> [Alert] {
        let standing = services.alerts.standing
        guard includingCleared else { return standing }
        do throws(StoreError) {
            let stored = try await services.ledger.perform { database throws(StoreError) in
                try database.alerts(includingCleared: true)
            }
            return standing + stored.filter { $0.cleared != nil }
        } catch {
            throw error.failure
        }
    }

    // MARK: Quarantine

    package func quarantine() async throws(Failure) -> [QuarantineEntry] {
        do throws(StoreError) {
            return try await services.ledger.perform { database throws(StoreError) in try database.quarantine() }
        } catch {
            throw error.failure
        }
    }

    package func liftQuarantine(_ hashOrPlugin: String) async throws(Failure) -> [QuarantineEntry] {
        let lifted: [QuarantineEntry]
        do throws(StoreError) {
            lifted = try await services.ledger.perform { database throws(StoreError) in
                try database.liftQuarantine(hashOrPlugin)
            }
        } catch {
            throw error.failure
        }
        guard !lifted.isEmpty else {
            throw Failure(
                .notFound,
                "nothing in quarantine belongs to \"\(hashOrPlugin)\"",
                hint: "`hostctl quarantine list` shows what is there"
            )
        }
        for (plugin, entries) in Dictionary(grouping: lifted, by: \.plugin) {
            // Its plugin may be gone; what is lifted stays lifted.
            guard let supervisor = fleet.known(plugin) else { continue }
            try await supervisor.quarantineLifted(hashes: Set(entries.map(\.hash)))
            await dropIns.tryAgain(plugin: plugin)
        }
        return lifted
    }

    func supervisor(_ id: String) throws(Failure) -> PluginSupervisor {
        try fleet.supervisor(id)
    }
}
