import HostAPI

extension Examination {
    /// Whoever runs the plugin must know whether it is enabled.
    mutating func examineEnabled() {
        guard let desired, observed.activity != .absent, observed.isEnabled != desired.isEnabled else { return }
        let wanted = desired.isEnabled ? "enabled" : "disabled"
        let current = observed.isEnabled ? "enabled" : "disabled"
        let isStartOfDamaged = desired.isEnabled && observed.damage != nil
        find(
            .enabledDiffers,
            "\(id) shall be \(wanted) and is treated as \(current)",
            current: current,
            expected: wanted,
            isStartOfDamaged ? .person("what is installed of it is damaged") : .step(.takeUp)
        )
    }

    /// The worker must have the settings that are in force.
    mutating func examineSettings() {
        guard let desired, desired.isEnabled, observed.activity == .running, let worker = observed.worker,
            worker.settingsRevision != desired.settingsRevision
        else { return }
        find(
            .settingsDiffer,
            "\(id) runs with other settings than those in force",
            current: "revision \(worker.settingsRevision)",
            expected: "revision \(desired.settingsRevision)",
            .step(.applySettings)
        )
    }

    mutating func examineRunning() {
        if desired?.isEnabled == true {
            // Without usable code it cannot run, and that was said already.
            if isUsable, !conditions.isSafeMode { examineRest() }
        } else if observed.activity.isActive {
            find(
                .runningDiffers,
                "\(id) runs and shall not",
                current: "running",
                expected: desired == nil ? "not installed" : "disabled",
                .step(desired == nil ? .takeUp : .stop)
            )
        }
    }

    /// Why a plugin that should run does not.
    private mutating func examineRest() {
        switch observed.activity {
        case .starting, .running, .stopping:
            break
        case .backingOff:
            rest("restarts after a crash", .nothing("the next start comes by itself"))
        case .absent:
            rest("nobody runs it", .step(.takeUp))
        case .disabled:
            // Said already if it is not held to be enabled.
            rest("resting", .step(observed.isEnabled ? .start : .takeUp))
        case .stopped(byUser: false):
            rest("stopped", .step(.start))
        case .stopped(byUser: true):
            rest("stopped by the user", .nothing("\"hostctl start \(id)\" starts it"))
        case .auth:
            rest("waiting for credentials", .person("give it new ones: \"hostctl settings set \(id) …\""))
        case .crashLooping:
            rest("crashed too often", retrying("\"hostctl start \(id)\" tries again, \"hostctl logs \(id)\" says more"))
        case .quarantined(let reason):
            let advice = "\"hostctl quarantine lift \(id)\" has it tried again"
            rest("in quarantine", .person(reason.isEmpty ? advice : "\(reason.withoutPeriod); \(advice)"))
        case .failed(let reason):
            let advice = "\"hostctl start \(id)\" tries again"
            rest("failed", retrying(reason.isEmpty ? advice : "\(reason.withoutPeriod); \(advice)"))
        case .needsHostRestart:
            rest("waiting for a start of hostd", .person("start hostd anew"))
        }
    }

    private func retrying(_ advice: String) -> Remedy {
        conditions.isForced ? .step(.start) : .person(advice)
    }

    private mutating func rest(_ current: String, _ remedy: Remedy) {
        find(.runningDiffers, "\(id) shall run and does not", current: current, expected: "running", remedy)
    }
}
