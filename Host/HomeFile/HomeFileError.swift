package import HostAPI
package import Manifests

/// Everything that is wrong with a desired-state file, at once and in the order of the file.
package struct HomeFileError: Error, Sendable, Equatable {
    /// As the user knows it: "home.yaml".
    package var file: String
    /// Never empty; sorted by line and column.
    package var problems: [ManifestError.Problem]

    package init(file: String, problems: [ManifestError.Problem]) {
        let sorted = ManifestError(file: file, problems: problems)
        self.file = file
        self.problems = sorted.problems
    }
}

extension HomeFileError: CustomStringConvertible {
    /// One line for each problem, such as `home.yaml:4:5: unknown key "enable" (did you mean "enabled"?)`.
    package var description: String {
        problems.map { "\(file):\($0)" }.joined(separator: "\n")
    }
}

extension HomeFileError: FailureConvertible {
    package var failure: Failure {
        Failure(.invalidSettings, description, hint: "nothing was changed; docs/home-file.md describes every key")
    }
}
