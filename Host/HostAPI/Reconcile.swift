/// What a pass shall do.
package struct ReconcileRequest: Sendable, Equatable {
    /// Only these; empty: all.
    package var plugins: [String]
    /// Forget failures, pauses and what counts as unrecoverable, and make one attempt each.
    package var isForced: Bool
    package var isDryRun: Bool

    package init(plugins: [String] = [], isForced: Bool = false, isDryRun: Bool = false) {
        self.plugins = plugins
        self.isForced = isForced
        self.isDryRun = isDryRun
    }
}

/// One place where what is differs from what shall be.
package struct Finding: Sendable, Equatable, Codable {
    package var plugin: String
    /// `not-desired`, `not-in-store`, `enabled-differs`, `version-differs`, `settings-differ`, `running-differs`,
    /// `record-corrupt`. An open set.
    package var kind: String
    /// One sentence.
    package var description: String
    /// `auto-fix`: the host mends it; `manual`: a person has to; `none`: it is as the user wants it, or waits for its time.
    package var action: String
    /// What is.
    package var current: String
    /// What shall be.
    package var expected: String
    /// What was done about it, or what has to be typed; empty before anything was tried.
    package var result: String
    /// `pending` (a plan), `fixed`, `failed`, `left`.
    package var outcome: String

    package init(
        plugin: String,
        kind: String,
        description: String,
        action: String,
        current: String,
        expected: String,
        result: String = "",
        outcome: String = "pending"
    ) {
        self.plugin = plugin
        self.kind = kind
        self.description = description
        self.action = action
        self.current = current
        self.expected = expected
        self.result = result
        self.outcome = outcome
    }
}

/// What a pass found and did.
package struct ReconcileReport: Sendable, Equatable, Codable {
    package var findings: [Finding]
    package var found: Int
    package var fixed: Int
    /// What is left to do by hand.
    package var manual: Int
    package var isDryRun: Bool
    /// `3 inconsistencies found, 1 fixed, 2 need attention`.
    package var summary: String
    package var milliseconds: Double

    package init(
        findings: [Finding],
        found: Int,
        fixed: Int,
        manual: Int,
        isDryRun: Bool,
        summary: String,
        milliseconds: Double
    ) {
        self.findings = findings
        self.found = found
        self.fixed = fixed
        self.manual = manual
        self.isDryRun = isDryRun
        self.summary = summary
        self.milliseconds = milliseconds
    }

    /// Nothing is left to do by hand.
    package var isSuccess: Bool { manual == 0 }
}
