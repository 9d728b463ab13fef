import HostAPI
import Logging
import Store
import Synchronization

/// A copy that is not used shows as a plugin of its own, or as an alert where a plugin of that id is there already.
extension DropInService {
    /// - Parameters:
    ///   - record: What is known of the copy.
    ///   - isBeaten: Another copy of its plugin is used. A copy that is ignored because its plugin was uninstalled is
    ///     nobody's problem.
    func show(_ record: DropInRecord, isBeaten: Bool = false) async {
        let name = record.plugin.isEmpty ? record.name : record.plugin
        switch record.state {
        case .needsConsent:
            let message = "\(record.message): hostctl install \(record.plugin)"
            await show(PluginProblem(.ok, message, state: .needsConsent), of: record, as: name)
        case .refused where record.plugin.isEmpty:
            let outcome = record.outcome == .ok ? .badManifest : record.outcome
            await show(PluginProblem(outcome, record.message), of: record, as: name)
        case .failed:
            let isQuarantined = [.probeCrashed, .probeTimeout, .quarantined].contains(record.outcome)
            let problem = PluginProblem(
                isQuarantined ? .quarantined : record.outcome,
                record.message,
                state: isQuarantined ? .quarantined : .failed
            )
            await show(problem, of: record, as: name)
        case .refused: await warn(of: record)
        case .ignored where isBeaten: await warn(of: record)
        default:
            services.alerts.clear("host", Self.alertKey(record.name))
            await forgetShown(of: record.name)
        }
    }

    /// As a plugin, or as an alert if there is a plugin of that name.
    private func show(_ problem: PluginProblem, of record: DropInRecord, as name: String) async {
        guard fleet.known(name)?.isPlaceholder ?? true else { return await warn(of: record) }
        logger.warning("plugins.d/\(record.name) is not used", metadata: ["reason": "\(problem.message)"])
        services.alerts.clear("host", Self.alertKey(record.name))
        try? await show(problem, of: record.name, as: name)
    }

    private func warn(of record: DropInRecord) async {
        logger.warning("plugins.d/\(record.name) is not used", metadata: ["reason": "\(record.message)"])
        services.alerts.raise(
            "host",
            Self.alertKey(record.name),
            .warning,
            title: "plugins.d/\(record.name) is not used",
            detail: record.message
        )
        await forgetShown(of: record.name)
    }

    /// What the copy was shown as before is past.
    func forgetShown(of name: String) async {
        for plugin in shown.withLock({ $0.removeValue(forKey: name) }) ?? [] { await fleet.forget(plugin) }
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
