import PluginKit

/// Tells the host, in sentences for its user, what happens to a device.
struct Reporter: Sendable {
    let host: Host
    let activity: ActivityLog

    func announce(_ devices: [Device]) {
        for device in devices { host.devices.put(device) }
    }

    func publish(_ readings: [Reading]) {
        host.readings.publish(readings)
    }

    // MARK: - Presence

    func cameOnline(_ ids: [String], name: String, at address: String) {
        for id in ids { host.devices.setAvailability(.online, of: id) }
        host.log.info("“\(name)” answers at \(address)", ids.fields)
    }

    func lostAnswer(_ ids: [String], name: String, because error: ExchangeError) {
        host.log.debug("“\(name)” did not answer: \(error)", ids.fields)
    }

    func wentOffline(_ ids: [String], name: String, because error: ExchangeError) {
        for id in ids { host.devices.setAvailability(.offline, of: id, reason: error.description) }
        host.log.warning("“\(name)” does not answer any more: \(error)", ids.fields)
    }

    func moved(_ ids: [String], name: String, from old: String, to new: String) {
        host.log.info(
            "“\(name)” moved from \(old) to \(new); a static lease in the router would keep its address",
            ids.fields
        )
    }

    func signal(_ change: AlertChange?, _ id: String, name: String, signal: Int, threshold: Int) {
        let key = "weak-signal/\(id.lowercased())"
        switch change {
        case .raise:
            host.alerts.raise(
                key,
                .warning,
                "The Wi-Fi signal of “\(name)” is weak (\(signal) dBm)",
                detail: "Below \(threshold) dBm commands get lost. Move the device or the access point, or add one."
            )
        case .clear: host.alerts.clear(key)
        case nil: break
        }
    }

    // MARK: - Commands

    func record(_ entry: ActivityEntry) {
        activity.append(entry.line)
        switch entry.event {
        case .command: host.log.info("“\(entry.name)”: \(entry.command)", entry.fields)
        case .result(let result):
            let text = "“\(entry.name)”: \(entry.command) \(result.sentence)"
            host.log.write(result.outcome == .failed ? .error : .info, text, entry.fields)
        }
    }

    func initialState(_ target: CommandTarget, isOn: Bool?) {
        let state = isOn.map { $0 ? "on" : "off" } ?? "in a state that it does not tell"
        host.log.info("“\(target.name)”: before \(target.command) it is \(state)", [target.device].fields)
    }

    func attemptFailed(_ target: CommandTarget, _ attempt: FailedAttempt) {
        host.log.warning("“\(target.name)”: \(target.command): \(attempt)", [target.device].fields)
    }

    func obedience(_ change: AlertChange?, _ target: CommandTarget, problem: String) {
        let key = "command-failed/\(target.device.lowercased())"
        switch change {
        case .raise:
            host.alerts.raise(key, .error, "“\(target.name)” did not carry out \(target.command)", detail: problem)
        case .clear: host.alerts.clear(key)
        case nil: break
        }
    }
}

extension ActivityResult {
    /// Completes “Heater: turn-on …”.
    fileprivate var sentence: String {
        let tries = attempts == 1 ? "1 attempt" : "\(attempts) attempts"
        return switch outcome {
        case .confirmed: "confirmed after \(tries), \(duration.inSeconds)"
        case .failed: "failed after \(tries): \(error ?? "for a reason that is not known")"
        case .superseded: "superseded by a newer command"
        case .cancelled: "cancelled, because the plugin is stopping"
        }
    }
}

extension [String] {
    fileprivate var fields: [String: JSON] { first.map { ["device": .text($0)] } ?? [:] }
}
