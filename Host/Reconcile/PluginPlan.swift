package import HostAPI

/// One thing that is done to mend a plugin.
package enum RepairStep: Sendable, Equatable {
    /// Take up what lies in the store as installed and disabled.
    case adopt
    /// Install from the registry; nil: the newest version that this host can load.
    case install(version: String?)
    /// Have whoever runs the plugin take up what the database says about it: exchange the worker's code, end a worker that
    /// shall not run, start one that shall.
    case takeUp
    /// Hand the settings in force to the worker, unless it has them by now.
    case applySettings
    /// Start the plugin, unless it runs by now; earlier crashes do not count any more.
    case start
    case stop
}

/// What is wrong with one plugin, and what is done about it.
package struct PluginPlan: Sendable, Equatable {
    package var plugin: String
    package var findings: [Finding]
    /// In order; the rest is not done once one has failed.
    package var steps: [RepairStep]
    /// Its memory of failures is cleared before anything is tried.
    package var forgetsFailures: Bool

    /// The findings once all steps were done.
    package func findingsWhenDone(_ result: String = "") -> [Finding] {
        ended(.fixed) { finding in finding.result = result }
    }

    /// The findings once a step has failed.
    package func findingsWhenFailed(_ failure: Failure) -> [Finding] {
        ended(.failed) { finding in finding.result = failure.description }
    }

    private func ended(_ outcome: FindingOutcome, _ note: (inout Finding) -> Void) -> [Finding] {
        findings.map { finding in
            var finding = finding
            if finding.action == FindingAction.autoFix.rawValue {
                finding.outcome = outcome.rawValue
                note(&finding)
            } else {
                finding.outcome = FindingOutcome.left.rawValue
            }
            return finding
        }
    }
}

/// What a pass found, and what it is going to do.
package struct Plan: Sendable, Equatable {
    /// Only those with a finding.
    package var plugins: [PluginPlan]

    package init(plugins: [PluginPlan]) {
        self.plugins = plugins
    }

    package var findings: [Finding] { plugins.flatMap(\.findings) }
    package var isEmpty: Bool { plugins.isEmpty }
    /// Nothing is done.
    package var isIdle: Bool { plugins.allSatisfy(\.steps.isEmpty) }
}
