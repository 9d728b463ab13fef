package import HostAPI

/// One thing that brings a plugin, or the host, to what the file wants.
package enum HomeAction: Sendable, Equatable {
    /// - Parameters:
    ///   - version: Nil: the newest, or whatever the source holds.
    ///   - source: An absolute path; nil: from the registry.
    case install(version: String?, source: String?)
    case uninstall
    /// The whole document to save, and the JSON pointers in it that change.
    case saveSettings(document: JSONValue, changed: [String])
    case setPinned(Bool)
    case setEnabled(Bool)
    /// As the file writes it.
    case setRegistry(String)
}

/// What differs between a file and the host, and what has to be done about it.
package struct HomePlan: Sendable, Equatable {
    /// One action, and the differences that it does away with.
    package struct Step: Sendable, Equatable {
        /// Empty for the host itself.
        package var plugin: String
        package var action: HomeAction
        /// Their indices in `differences`.
        package var differences: [Int]
    }

    package private(set) var differences: [HomeDifference] = []
    /// In order. Those of different plugins have nothing to do with each other; once one of a plugin has failed, the rest of
    /// that plugin is not done.
    package private(set) var steps: [Step] = []

    package init() {}

    mutating func add(_ differences: [HomeDifference], _ action: HomeAction? = nil) {
        guard let plugin = differences.first?.plugin else { return }
        let first = self.differences.count
        self.differences += differences
        if let action {
            let indices = Array(first..<self.differences.count)
            steps.append(Step(plugin: plugin, action: action, differences: indices))
        }
    }

    /// Adds what came of a further look, once a plugin was there.
    package mutating func append(_ further: [HomeDifference]) {
        differences += further
    }

    /// Notes what came of a step.
    package mutating func note(_ step: Step, _ result: Result<String, Failure>) {
        for index in step.differences {
            switch result {
            case .success(let message):
                differences[index].outcome = "applied"
                differences[index].result = message
            case .failure(let failure):
                differences[index].outcome = "failed"
                differences[index].result = failure.description
            }
        }
    }
}

extension HomeReport {
    /// Counts what differs: `3 differences: 2 applied, 1 needs attention`.
    package init(file: String, differences: [HomeDifference]) {
        let counts = Dictionary(grouping: differences, by: \.outcome).mapValues(\.count)
        let attention = counts["failed", default: 0] + counts["manual", default: 0]
        var parts: [String] = []
        if let applied = counts["applied"] { parts.append("\(applied) applied") }
        if let drift = counts["drift"] { parts.append("\(drift) overridden") }
        if attention > 0 { parts.append("\(attention) \(attention == 1 ? "needs" : "need") attention") }
        let total =
            switch differences.count {
            case 0: "no differences"
            case 1: "1 difference"
            default: "\(differences.count) differences"
            }
        let summary = parts.isEmpty ? total : "\(total): \(parts.joined(separator: ", "))"
        self.init(file: file, differences: differences, summary: summary)
    }
}
