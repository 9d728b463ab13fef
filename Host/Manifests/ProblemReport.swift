/// Collects what is wrong while a manifest is read, so that the user sees everything at once.
package final class ProblemReport {
    private var problems: [ManifestError.Problem] = []

    /// Beyond this a file is not a manifest with mistakes but something else.
    private let limit = 200

    package init() {}

    package var isEmpty: Bool { problems.isEmpty }

    /// True if there is a problem at exactly that place already: what follows from it is not worth a line.
    package func hasProblem(at path: String) -> Bool { problems.contains { $0.path == path } }

    /// True if there is a problem at that place or inside of it.
    package func hasProblem(within path: String) -> Bool {
        problems.contains { $0.path == path || $0.path.hasPrefix(path + "/") }
    }

    package func add(_ problem: ManifestError.Problem) {
        guard problems.count < limit else { return }
        problems.append(problem)
    }

    package func error(file: String) -> ManifestError { ManifestError(file: file, problems: problems) }
}
