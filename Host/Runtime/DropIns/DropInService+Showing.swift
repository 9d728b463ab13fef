import HostAPI
import Logging
import Store
import Synchronization

/// A copy that is not used shows as a plugin of its own, or as an alert where a plugin of that id is there already.
extension DropInService {
    func show(_ record: DropInRecord, isTombstoned: Bool) async {
        var problem: PluginProblem?
        var name = record.plugin.isEmpty ? record.name : record.plugin
        switch record.state {
        case .needsConsent:
            problem = PluginProblem(.ok, "\(record.message): hostctl install \(record.plugin)", state: .needsConsent)
        case .ignored, .refused:
            // Beside the copy that is used, or the version that is pinned. What was uninstalled is nobody's problem.
            if isTombstoned { break }
            problem = PluginProblem(record.outcome == .ok ? .badManifest : record.outcome, record.message)
            name = record.name
        case .failed:
            let isQuarantined = [.probeCrashed, .probeTimeout, .quarantined].contains(record.outcome)
            problem = PluginProblem(
                isQuarantined ? .quarantined : record.outcome,
                record.message,
                state: isQuarantined ? .quarantined : .failed
            )
        default: break
        }
        guard let problem else { return services.alerts.clear("host", Self.alertKey(record.name)) }
        logger.warning("plugins.d/\(record.name) is not used", metadata: ["reason": "\(problem.message)"])
        if fleet.known(name)?.isPlaceholder == false {
            services.alerts.raise(
                "host",
                Self.alertKey(record.name),
                .warning,
                title: "plugins.d/\(record.name) is not used",
                detail: problem.message
            )
        } else {
            try? await show(problem, of: record.name, as: name)
        }
    }

    func showWaiting(_ name: String, _ reason: String) async {
        let message = "plugins.d/\(name) is not whole yet: \(reason)"
        try? await show(PluginProblem(.fileMissing, message, state: .installing), of: name, as: name)
    }

    func show(_ problem: PluginProblem, of name: String, as plugin: String) async throws(Failure) {
        try await fleet.show(problem, as: plugin)
        let others = shown.withLock { shown in
            let others = (shown[name] ?? []).subtracting([plugin])
            shown[name] = [plugin]
            return others
        }
        // It went by its entry's name until its manifest could be read.
        for other in others { await fleet.forget(other) }
    }

    static func alertKey(_ name: String) -> String { "plugins.d/\(name)" }
}
