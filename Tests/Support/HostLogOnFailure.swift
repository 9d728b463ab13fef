package import Testing

extension Trait where Self == IssueHandlingTrait {
    /// Has the log of the test's `hostd` printed if an expectation of the test fails.
    package static var hostLogOnFailure: Self {
        .compactMapIssues { issue in
            HostFixture.current?.noteFailure()
            return issue
        }
    }
}
