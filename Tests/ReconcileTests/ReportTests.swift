import HostAPI
import Reconcile
import Testing

@Suite struct ReportTests {
    private let plan = Plan(
        plugins: [
            kasa { $0.desired?.settingsRevision = 1 },
            kasa { $0.rest(.auth) },
            kasa { $0.rest(.stopped(byUser: true)) },
        ].compactMap { $0.planned() }
    )

    @Test func aDryRunCountsWhatIsFound() {
        let report = ReconcileReport(findings: plan.findings, isDryRun: true, milliseconds: 1)
        #expect(report.summary == "3 inconsistencies found, 0 fixed, 1 needs attention")
        #expect(!report.isSuccess)
    }

    @Test func whatWasDoneIsFixed() {
        let findings = plan.plugins.flatMap { $0.findingsWhenDone() }
        #expect(findings.map(\.outcome) == ["fixed", "left", "left"])
        let report = ReconcileReport(findings: findings, isDryRun: false, milliseconds: 1)
        #expect(report.summary == "3 inconsistencies found, 1 fixed, 1 needs attention")
    }

    @Test func whatFailedNeedsAPerson() {
        let failure = Failure(.unreachable, "the registry cannot be reached", hint: "check the network")
        let findings = plan.plugins.flatMap { $0.findingsWhenFailed(failure) }
        #expect(findings.map(\.outcome) == ["failed", "left", "left"])
        #expect(findings.first?.result == "the registry cannot be reached (check the network)")
        let report = ReconcileReport(findings: findings, isDryRun: false, milliseconds: 1)
        #expect(report.summary == "3 inconsistencies found, 0 fixed, 2 need attention")
    }
}
