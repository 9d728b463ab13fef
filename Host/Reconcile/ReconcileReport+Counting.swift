package import HostAPI

extension ReconcileReport {
    /// Counts what a pass found. What the host could not mend needs a person as well.
    package init(findings: [Finding], isDryRun: Bool, milliseconds: Double) {
        let fixed = findings.count { $0.outcome == FindingOutcome.fixed.rawValue }
        let manual = findings.count { finding in
            finding.action == FindingAction.manual.rawValue || finding.outcome == FindingOutcome.failed.rawValue
        }
        self.init(
            findings: findings,
            found: findings.count,
            fixed: fixed,
            manual: manual,
            isDryRun: isDryRun,
            summary: "\(findings.count) \(findings.count == 1 ? "inconsistency" : "inconsistencies") found, "
                + "\(fixed) fixed, \(manual) \(manual == 1 ? "needs" : "need") attention",
            milliseconds: milliseconds
        )
    }
}
