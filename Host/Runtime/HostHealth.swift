import HostAPI

/// The state of the whole host in one word and one sentence. Pure.
enum HostHealth {
    /// States in which a plugin waits for the user.
    private static let needy: Set<PluginState> = [.auth, .crashLooping, .failed, .quarantined]

    static func judge(
        plugins: [PluginSummary],
        openAlerts: Int,
        gravestAlert: String?
    ) -> (health: String, summary: String) {
        let needy = plugins.filter { Self.needy.contains($0.state) }
        if let first = needy.first {
            let others = needy.count > 1 ? ", and \(needy.count - 1) more" : ""
            let reason = first.message.isEmpty ? "" : ": \(first.message)"
            return (
                "attention", "\(first.id) is \(first.state.rawValue)\(reason)\(others). See: hostctl show \(first.id)"
            )
        }
        if let gravestAlert {
            let others = openAlerts > 1 ? ", and \(openAlerts - 1) more alerts" : ""
            return ("attention", "\(gravestAlert)\(others). See: hostctl alerts")
        }
        let running = plugins.count { $0.state == .running || $0.state == .degraded }
        guard !plugins.isEmpty else { return ("ok", "No plugin is installed yet: put one into plugins.d") }
        return ("ok", running == 1 ? "All is well: 1 plugin is running" : "All is well: \(running) plugins are running")
    }
}
