import PluginAPI

/// The host as a plugin sees it. May be used from any thread, until the plugin is destroyed; after that nothing
/// happens any more.
///
/// Reports (``log``, ``readings``, ``devices``, ``alerts``, ``status``) never fail the plugin: what the host refuses
/// is logged, and ``Acceptance`` tells those who want to know. A host that lacks one of the services is fine: reports
/// to it go nowhere, and what has to give an answer throws ``PluginError/Class/unsupported``.
public struct Host: Sendable {
    let link: HostLink

    /// Where the plugin may read and write files; survives upgrades. An absolute path.
    public let dataDirectory: String
    /// Where the manifest, the `.so` and its resources are, read-only. An absolute path.
    public let packageDirectory: String

    init(_ link: HostLink) {
        self.link = link
        dataDirectory = String(link.host.pointee.data_directory)
        packageDirectory = String(link.host.pointee.package_directory)
    }

    /// Lines in `hostctl logs`.
    public var log: Log { Log(link: link) }
    /// What the devices measure.
    public var readings: Readings { Readings(link: link) }
    /// What there is in the home.
    public var devices: Devices { Devices(link: link) }
    /// What a person should know.
    public var alerts: Alerts { Alerts(link: link) }
    /// A few values that survive restarts.
    public var state: State { State(link: link) }
    /// How the plugin is.
    public var status: Status { Status(link: link) }
    /// Time and timers.
    public var clock: Clock { Clock(link: link) }
    /// Other plugins' readings and devices.
    public var home: Home { Home(link: link) }
    /// Programs that the manifest declares.
    public var exec: Exec { Exec(link: link) }
}

/// What the host said to a report.
public enum Acceptance: Hashable, Sendable {
    case accepted
    /// A buffer of the host is full; the report is dropped and counted.
    case full
    /// The report breaks the rules of `plugin_api.h`: a mistake in the plugin, which is logged.
    case refused
    /// The host has no such service.
    case unavailable
}

extension HostLink {
    /// What became of a report; logs a refusal.
    func acceptance(_ status: hearth_status?, of report: @autoclosure () -> String) -> Acceptance {
        guard let status else { return .unavailable }
        switch Int(status) {
        case HEARTH_OK, HEARTH_PENDING: return .accepted
        case HEARTH_BUSY: return .full
        default:
            let reason = PluginError(status: status, message: "")?.message ?? ""
            Host.Log(link: self).error("the host refused \(report()): \(reason)")
            return .refused
        }
    }
}
