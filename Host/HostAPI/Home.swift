/// The text of a desired-state file, and what to call it in messages.
package struct HomeDocument: Sendable, Equatable, Codable {
    package var text: String
    /// The path as the user gave it.
    package var file: String
    /// The directory that relative paths in it start from; absolute.
    package var directory: String

    package init(text: String, file: String, directory: String) {
        self.text = text
        self.file = file
        self.directory = directory
    }
}

/// One difference between a desired-state file and the host.
package struct HomeDifference: Sendable, Equatable, Codable {
    /// Empty for what concerns the host itself.
    package var plugin: String
    /// `install`, `version`, `enable`, `disable`, `uninstall`, `settings`, `pin`.
    package var kind: String
    /// A JSON pointer into the settings; empty for all else.
    package var pointer: String
    /// What is; secrets are masked.
    package var current: String
    /// What the file wants; secrets are masked.
    package var wanted: String
    /// Where the file says it: from 1.
    package var line: Int
    /// `pending`, `applied`, `failed`, `manual`: it is not done without a person; `drift`: the user has overridden it.
    package var outcome: String
    /// What was done about it, or why not and what to type.
    package var result: String

    package init(
        plugin: String,
        kind: String,
        pointer: String = "",
        current: String,
        wanted: String,
        line: Int,
        outcome: String = "pending",
        result: String = ""
    ) {
        self.plugin = plugin
        self.kind = kind
        self.pointer = pointer
        self.current = current
        self.wanted = wanted
        self.line = line
        self.outcome = outcome
        self.result = result
    }
}

/// What a desired-state file changes, or has changed.
package struct HomeReport: Sendable, Equatable, Codable {
    package var file: String
    package var differences: [HomeDifference]
    /// `3 differences: 2 applied, 1 needs attention`.
    package var summary: String

    package init(file: String, differences: [HomeDifference], summary: String) {
        self.file = file
        self.differences = differences
        self.summary = summary
    }
}
