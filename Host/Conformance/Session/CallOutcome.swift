import Runtime

/// One call of the plugin and what came of it.
struct CallOutcome: Sendable {
    enum End: Sendable {
        case answered(Answer)
        case timedOut
        /// The worker ended before it answered; how.
        case died(String)
    }

    var end: End
    /// How long the worker answered nothing else: the [instance] function had not returned. Nil: until the limit was over.
    var blocked: Duration?
    var limit: Duration

    var answer: Answer? {
        if case .answered(let answer) = end { answer } else { nil }
    }

    var isOK: Bool { answer?.status == .ok }

    /// Why there is no answer; nil if there is one.
    var silence: String? {
        switch end {
        case .answered: nil
        case .timedOut where blocked == nil:
            "does not return, and no heartbeat is answered: given up after \(limit.shown)"
        case .timedOut: "is not finished within \(limit.shown)"
        case .died(let how): "ends the process: \(how)"
        }
    }

    /// What to do about that.
    var mend: String {
        switch end {
        case .answered: "answer with a class and a sentence"
        case .timedOut where blocked == nil:
            "return within 1 s; what takes longer returns HEARTH_PENDING, goes on elsewhere, and calls complete()"
        case .timedOut: "call complete() exactly once for each HEARTH_PENDING, after a failure too"
        case .died: "nothing may end the process: return a status instead, and check what comes from outside"
        }
    }

    /// The answer in words: `retryable: the hub does not answer`.
    var words: String {
        switch end {
        case .answered(let answer):
            answer.message.isEmpty ? answer.status.word : "\(answer.status.word): \(answer.message)"
        case .timedOut, .died: silence ?? ""
        }
    }
}

extension PluginStatus {
    /// As the guide for authors names it.
    var word: String {
        switch self {
        case .ok: "ok"
        case .retryable: "retryable"
        case .permanent: "permanent"
        case .auth: "auth"
        case .invalidSettings: "invalid-settings"
        case .unsupported: "unsupported"
        case .internalError: "internal"
        case .invalid: "invalid"
        case .denied: "denied"
        case .busy: "busy"
        default: "status \(rawValue)"
        }
    }

    /// Statuses by which a plugin says that something outside of it is missing: its device, its account.
    var isAboutSomethingElse: Bool {
        self == .retryable || self == .auth || self == .permanent || self == .invalidSettings
    }
}

extension Duration {
    /// `1.5 s`, `20 ms`.
    var shown: String {
        let milliseconds = self.wholeMilliseconds
        guard milliseconds >= 1_000 else { return "\(milliseconds) ms" }
        let tenths = milliseconds / 100
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }

    var wholeMilliseconds: Int {
        Int(components.seconds) * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
