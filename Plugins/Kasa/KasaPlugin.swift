package import PluginKit

/// The Kasa plugin: plugs, strips, switches, dimmers and bulbs that speak the local protocol on port 9999.
package actor KasaPlugin: Plugin {
    package static let id = "kasa"
    package static let version = "1.0.0"

    private let host: Host
    private let time: any TimeSource
    private let activity: ActivityLog
    private var fleet: Fleet?
    private var work: Task<Void, Never>?

    package init(host: Host) {
        self.init(host: host, time: host.clock)
    }

    init(host: Host, time: any TimeSource) {
        self.host = host
        self.time = time
        activity = ActivityLog(in: host.dataDirectory)
    }

    package func start(_ settings: Settings) {
        let fleet = Fleet(host: host, settings: settings, time: time, activity: activity)
        self.fleet = fleet
        work = Task { await fleet.run() }
    }

    package func stop() async {
        work?.cancel()
        await work?.value
        await fleet?.switchOff()
        work = nil
        fleet = nil
    }

    package func apply(_ settings: Settings, old: Settings, changes: SettingsChanges) async {
        await fleet?.apply(settings)
    }

    package func command(_ command: Command) async throws -> JSON {
        guard let fleet else { throw PluginError.retryable("the plugin is not running") }
        guard let device = command.device else { return try await fleet.command(command) }
        guard let session = await fleet.session(of: device) else {
            throw PluginError.permanent("there is no device “\(device)” here; `hostctl devices` shows the ids")
        }
        return try await session.perform(command, on: device, policy: await session.settings.commandPolicy)
    }

    package func health() async -> JSON {
        await fleet?.figures ?? [:]
    }
}
