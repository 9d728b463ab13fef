package import HostAPI

/// Why the store could not do what it was asked. Nothing was changed, unless a case says so.
package enum StoreError: Error, Sendable, Equatable {
    /// The file cannot be opened, read or made.
    case unreadable(file: String, reason: String)
    /// The file's content is not what it must be.
    case damaged(file: String, reason: String)
    /// A newer version of Hearth has written the file.
    case newerSchema(file: String, step: String)
    /// Somebody else kept the file locked longer than the store waits.
    case locked(file: String)
    case diskFull(file: String)
    /// The file or its directory may not be written.
    case denied(file: String)
    /// The settings were saved by somebody else meanwhile.
    case revisionConflict(plugin: String, expected: Int64, current: Int64)
    /// Anything else, with SQLite's own words.
    case failed(file: String, task: String, reason: String)
}

extension StoreError: CustomStringConvertible {
    package var description: String { failure.description }
}

extension StoreError: FailureConvertible {
    package var failure: Failure {
        switch self {
        case .unreadable(let file, let reason):
            Failure(
                .internalError,
                "\(file) cannot be opened: \(reason)",
                hint: "check that the directory exists and belongs to the user that runs hostd"
            )
        case .damaged(let file, let reason):
            Failure(
                .internalError,
                "\(file) is damaged: \(reason)",
                hint: "nothing was changed; put a backup in its place, or move it away to begin anew"
            )
        case .newerSchema(let file, let step):
            Failure(
                .unsupported,
                "\(file) was written by a newer Hearth: it has the schema step \"\(step)\", unknown to this one",
                hint: "run that newer version, or put a backup from before the upgrade in the file's place"
            )
        case .locked(let file):
            Failure(
                .busy,
                "\(file) is locked by another program",
                hint: "close whatever has it open (\"fuser \(file)\" names it) and try again"
            )
        case .diskFull(let file):
            Failure(.internalError, "\(file) cannot grow: the disk is full", hint: "free some space")
        case .denied(let file):
            Failure(
                .denied,
                "\(file) may not be written",
                hint: "check the owner and mode of the file and its directory, and that the disk is not read-only"
            )
        case .revisionConflict(let plugin, let expected, let current):
            Failure(
                .conflict,
                "the settings of \(plugin) are at revision \(current), not \(expected): they were saved meanwhile",
                hint: "read them again and repeat the change"
            )
        case .failed(let file, let task, let reason):
            Failure(.internalError, "\(file): could not \(task): \(reason)", hint: "hostd's log may say more")
        }
    }
}
