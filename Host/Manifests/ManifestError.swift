package import HostAPI

/// Everything that is wrong with a manifest, at once and in the order of the file.
package struct ManifestError: Error, Sendable, Equatable {
    /// One mistake.
    package struct Problem: Sendable, Equatable {
        /// From 1.
        package var line: Int
        /// From 1, counted in Unicode scalars.
        package var column: Int
        /// A JSON pointer to the place: "/settings/properties/host".
        package var path: String
        /// What is wrong and what would be right, in one sentence without a full stop.
        package var message: String
        /// The word that was probably meant.
        package var suggestion: String?

        package init(at mark: SourceMark, path: String, message: String, suggestion: String? = nil) {
            self.line = mark.line
            self.column = mark.column
            self.path = path
            self.message = message
            self.suggestion = suggestion
        }
    }

    /// The file as the user knows it: "plugin.yaml".
    package var file: String
    /// Never empty; sorted by line and column.
    package var problems: [Problem]

    package init(file: String, problems: [Problem]) {
        self.file = file
        self.problems = problems.sorted { ($0.line, $0.column, $0.path) < ($1.line, $1.column, $1.path) }
    }
}

extension ManifestError.Problem: CustomStringConvertible {
    /// `12:3: unknown key "verison" (did you mean "version"?)`.
    package var description: String {
        "\(line):\(column): \(message)" + (suggestion.map { " (did you mean \"\($0)\"?)" } ?? "")
    }
}

extension ManifestError: CustomStringConvertible {
    /// One line for each problem, such as `plugin.yaml:12:3: unknown key "verison" (did you mean "version"?)`.
    package var description: String {
        problems.map { "\(file):\($0)" }.joined(separator: "\n")
    }
}

extension ManifestError: FailureConvertible {
    package var failure: Failure {
        Failure(.invalidArgument, description, hint: "docs/manifest.md describes every key")
    }
}
