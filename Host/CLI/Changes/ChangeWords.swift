import HostAPI

extension ChangeState {
    /// Symbol and word: never colour alone.
    var cell: Cell {
        switch self {
        case .done: Cell("● \(rawValue)", .good)
        case .doing, .waiting: Cell("◌ \(rawValue)", .caution)
        case .undoing: Cell("▲ \(rawValue)", .caution)
        case .undone: Cell("✗ \(rawValue)", .bad)
        default: Cell("? \(rawValue)")
        }
    }
}

extension ChangeTask {
    var symbol: String {
        switch state {
        case "done": "●"
        case "doing": "◌"
        case "failed": "✗"
        case "undone", "skipped": "○"
        case "waiting": "·"
        default: "?"
        }
    }

    var emphasis: Emphasis {
        switch state {
        case "done": .good
        case "doing", "undone": .caution
        case "failed": .bad
        default: .dim
        }
    }

    /// Nothing follows, unless it is undone.
    var hasEnded: Bool {
        ["done", "failed", "undone", "skipped"].contains(state)
    }
}

extension ChangeTask.Progress {
    /// From 0 to 1; nil if nobody knows how much there is to do.
    var share: Double? {
        total > 0 ? min(max(Double(done) / Double(total), 0), 1) : nil
    }

    /// How it will be at the end.
    var whole: ChangeTask.Progress {
        ChangeTask.Progress(done: total, total: total, unit: unit)
    }

    /// `1.2 MiB of 3 MiB`, `3 of 10 s`.
    var words: String {
        switch unit {
        case "bytes": "\(Quantity.bytes(done)) of \(Quantity.bytes(total))"
        case "milliseconds": "\(done / 1_000) of \(total / 1_000) s"
        default: "\(done) of \(total) \(unit)"
        }
    }
}

extension Change {
    /// What came of it, without the period at the end.
    var conclusion: String {
        message.isEmpty ? "Change \(number) is done: \(summary)" : message.withoutPeriod
    }

    func conclusion(with advice: String?) -> String {
        "\(conclusion)." + (advice.map { " \($0)" } ?? "")
    }

    /// Its message, unless a task's title says the same.
    var news: String? {
        message.isEmpty || tasks.contains { $0.title == message } ? nil : message
    }

    /// A plugin that was brought in may turn out not to be well.
    var startsPlugin: Bool {
        [.install, .upgrade, .rollback, .link, .unlink].contains(kind)
    }

    /// What to type after it is done; nil where its message says so.
    var advice: String? {
        switch kind {
        case .upgrade: "To go back: hostctl rollback \(plugin)"
        case .rollback: "To keep this version: hostctl pin \(plugin)"
        // From where the plugin came only the host knows.
        case .uninstall: nil
        case .pin: "To let it be upgraded again: hostctl unpin \(plugin)"
        case .unpin: "To upgrade it: hostctl upgrade \(plugin)"
        case .unlink: "To remove it: hostctl uninstall \(plugin)"
        default: "To look at it: hostctl show \(plugin)"
        }
    }

    /// Why it was undone, as the failure of the command that wanted it.
    var undoing: Failure {
        let reason = failure?.message ?? (message.isEmpty ? "the host does not say why" : message)
        return Failure(
            .undone,
            "Change \(number) (\(summary)) was undone: \(reason)",
            hint: failure?.hint ?? "All is as it was before. What happened: hostctl change \(number)"
        )
    }
}

extension PluginSummary {
    /// It does not run as it should, and does not come right by itself at once.
    var needsAttention: Bool {
        [.degraded, .auth, .backingOff, .crashLooping, .failed, .quarantined, .needsHostRestart].contains(state)
    }
}

extension ChangePlan {
    /// For a dry run: what would be done, and what the plugin may do then.
    var description: Description {
        var description = Description()
        description.sentence(steps.isEmpty ? summary : "It would \(summary):", .bold)
        for step in steps { description.sentence("  \(step)") }
        let permitted = permissions?.permissionWords ?? []
        description.fact("it may", lines: permissions == nil || !permitted.isEmpty ? permitted : ["nothing special"])
        return description
    }
}
