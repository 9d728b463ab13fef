package import HostAPI
import Manifests

/// Why a package cannot be run as it is.
package struct PluginProblem: Error, Sendable, Equatable {
    package var outcome: LoadOutcome
    package var message: String
    /// How that is shown.
    package var state: PluginState

    package init(_ outcome: LoadOutcome, _ message: String, state: PluginState = .failed) {
        self.outcome = outcome
        self.message = message
        self.state = state
    }

    /// What an error of reading the package means.
    init(_ error: any Error) {
        let outcome: LoadOutcome =
            switch error {
            case let error as PackageError: error.outcome
            case is PluginCode.Mismatch: .hashMismatch
            default: .fileMissing
            }
        self.init(outcome, Failure(error).description)
    }
}
