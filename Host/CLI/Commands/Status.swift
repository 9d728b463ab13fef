import ArgumentParser
import HostAPI

/// `hostctl status`
struct Status: HostCommand {
    static let configuration = CommandConfiguration(abstract: "How the host is, in one screen.")

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let status = try await host.status()
        output.item(status, name: status.health) { status.description($0) }
    }
}

extension HostStatus {
    func description(_ moments: Moments) -> Description {
        var description = Description()
        let (symbol, emphasis): (String, Emphasis) =
            switch health {
            case "ok": ("●", .good)
            case "attention": ("▲", .caution)
            case "failing": ("✗", .bad)
            default: ("?", .none)
            }
        description.sentence("\(symbol) \(health): \(summary)", emphasis)
        let states = pluginsByState.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        description.fact("plugins", states.isEmpty ? "none" : states.map { "\($1) \($0)" }.joined(separator: ", "))
        description.fact("devices", devicesOffline == 0 ? "\(devices)" : "\(devices), \(devicesOffline) offline")
        description.fact("alerts", openAlerts == 0 ? "none" : "\(openAlerts) open: hostctl alerts")
        let dropped = readingsDropped == 0 ? "" : ", \(readingsDropped) dropped"
        description.fact("readings", "\(readingsStored) stored\(dropped)")
        description.fact("changes", changesUnderWay == 0 ? "" : "\(changesUnderWay) under way: hostctl changes")
        description.fact("host", "version \(version), process \(processID), started \(moments.phrase(startedAt))")
        description.fact("root", root)
        return description
    }
}
