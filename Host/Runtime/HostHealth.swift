import HostAPI

/// The state of the whole host in one word and one sentence. Pure.
enum HostHealth {
    /// States in which a plugin waits for the user.
    private static let needy: Set<PluginState> = [
        .auth, .crashLooping, .failed, .needsConsent, .needsHostRestart, .quarantined,
    ]

    static func judge(
        plugins: [PluginSummary],
        isSafeMode: Bool = false,
        openAlerts: Int,
        gravestAlert: String?
    ) -> (health: String, summary: String) {
        let needy = plugins.filter { Self.needy.contains($0.state) }
        if let first = needy.first {
            let reason = first.message.isEmpty ? "" : ": \(first.message.withoutPeriod)"
            let others =
                switch needy.count - 1 {
                case 0: ""
                case 1: "; 1 more plugin needs attention"
                case let count: "; \(count) more plugins need attention"
                }
            return (
                "attention", "\(first.id) \(what(first.state))\(reason)\(others). See: hostctl show \(first.id)"
            )
        }
        if let gravestAlert {
            let others =
                switch openAlerts - 1 {
                case ...0: ""
                case 1: "; 1 more alert is open"
                case let count: "; \(count) more alerts are open"
                }
            return ("attention", "\(gravestAlert.withoutPeriod)\(others). See: hostctl alerts")
        }
        if isSafeMode { return ("attention", "hostd runs with --safe: no plugin starts by itself") }
        let running = plugins.count { $0.state == .running || $0.state == .degraded }
        guard !plugins.isEmpty else {
            return (
                "ok", "No plugin is installed yet: `hostctl install` brings one in, and so does a copy in plugins.d"
            )
        }
        return ("ok", running == 1 ? "All is well: 1 plugin is running" : "All is well: \(running) plugins are running")
    }

    /// What a plugin in a needy state does, after its id.
    private static func what(_ state: PluginState) -> String {
        switch state {
        case .auth: "waits for new credentials"
        case .crashLooping: "crashes again and again"
        case .failed: "cannot run"
        case .needsConsent: "waits for your consent"
        case .needsHostRestart: "was replaced"
        default: "is \(state.rawValue)"
        }
    }
}
