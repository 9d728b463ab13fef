import HostAPI

extension PluginState {
    /// Symbol and word: never colour alone.
    var cell: Cell {
        switch self {
        case .running: Cell("● \(rawValue)", .good)
        case .starting, .stopping, .installing: Cell("◌ \(rawValue)", .caution)
        case .degraded, .auth, .backingOff, .needsConsent, .needsHostRestart: Cell("▲ \(rawValue)", .caution)
        case .crashLooping, .failed, .quarantined: Cell("✗ \(rawValue)", .bad)
        case .stopped, .disabled: Cell("○ \(rawValue)", .dim)
        default: Cell("? \(rawValue)")
        }
    }
}

extension LoadOutcome {
    /// What it means, after "its code": nil for what is no problem of the code.
    var meaning: String? {
        switch self {
        case .fileMissing: "the .so named by its manifest is not there"
        case .hashMismatch: "its .so is not the one that was installed"
        case .dlopenFailed: "its .so cannot be loaded"
        case .entryMissing: "its .so does not export the entry function of a plugin"
        case .abiUnsupported: "its .so is built for another version of PluginAPI"
        case .needsNewerHost: "it needs a newer host"
        case .probeCrashed: "it crashed while being tried"
        case .probeTimeout: "it hung while being tried"
        case .startFailed: "it could not start"
        case .badManifest: "its manifest has a mistake"
        default: nil
        }
    }

    /// What to do about it.
    func advice(_ id: String) -> String? {
        switch self {
        case .fileMissing: "Put the .so beside plugin.yaml, or mend `entry` there."
        case .hashMismatch: "Install the plugin anew."
        case .dlopenFailed: "`ldd` on the .so shows which library is missing."
        case .entryMissing: "Ask its author: a plugin exports exactly one function, see plugin_api.h."
        case .abiUnsupported: "Get a build of the plugin for this host."
        case .needsNewerHost: "Upgrade Hearth."
        case .probeCrashed, .probeTimeout, .quarantined:
            "Get a mended build; to try this one again: hostctl quarantine lift \(id)"
        case .startFailed: "`hostctl logs \(id)` says more; then: hostctl start \(id)"
        case .badManifest: "Mend plugin.yaml as the message says."
        case .safeMode: "Start the host without --safe."
        default: nil
        }
    }
}

extension PluginSummary {
    /// How it is, and why, in one sentence.
    func sentence(_ moments: Moments) -> String {
        let said = message.isEmpty ? "" : ": \(message.withoutPeriod)"
        let reason = outcome.meaning.map { " because \($0) (\(outcome.rawValue))" } ?? ""
        return switch state {
        case .running: "\(id) is running" + (runningSince.map { ", \(moments.duration(since: $0))" } ?? "") + said
        case .degraded: "\(id) is running, but something is wrong" + said
        case .auth: "\(id) waits for new credentials" + said
        case .backingOff: "\(id) has crashed and starts again in a moment" + said
        case .crashLooping: "\(id) has crashed too often and is not started again by itself" + said
        case .failed: "\(id) cannot run\(reason)" + said
        case .quarantined: "\(id) is quarantined\(reason)" + said
        case .disabled: "\(id) is switched off" + said
        case .stopped: "\(id) is stopped" + said
        case .installing: "\(id) is being installed" + said
        case .needsConsent: "\(id) waits for your consent" + said
        case .needsHostRestart: "\(id) goes on with its old code until hostd is started anew" + said
        default: "\(id) is \(state.rawValue)" + said
        }
    }

    /// What a user can do now; nil if there is nothing to do.
    var advice: String? {
        switch state {
        case .degraded: "`hostctl logs \(id)` and `hostctl devices \(id)` say more."
        case .auth: "Set the new credentials with `hostctl settings set \(id) …`."
        case .backingOff: "`hostctl logs \(id)` may say why."
        case .crashLooping: "`hostctl logs \(id)` may say why; to try again: hostctl start \(id)"
        case .failed: outcome.advice(id) ?? "`hostctl logs \(id)` says more; to try again: hostctl start \(id)"
        case .quarantined: LoadOutcome.quarantined.advice(id)
        case .disabled: "To switch it on: hostctl enable \(id)"
        case .stopped: "To start it: hostctl start \(id)"
        case .installing: "To see how it goes: hostctl changes --plugin \(id)"
        case .needsConsent: "To see all that it may do then, and to agree: hostctl install \(id)"
        case .needsHostRestart: "\(id) runs inside of hostd. Start hostd anew when it suits you."
        default: nil
        }
    }
}
