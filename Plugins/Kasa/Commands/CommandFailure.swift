import PluginKit

/// Why one attempt of a command failed.
enum CommandFailure: Error, Hashable, CustomStringConvertible {
    case exchange(ExchangeError)
    /// The device acknowledged and did not do it.
    case mismatch(String)

    var isWorthAnotherAttempt: Bool {
        switch self {
        case .exchange(let error): error.isTransient
        case .mismatch: true
        }
    }

    /// Whether nobody knows now what state the device is in.
    var leavesStateUnknown: Bool {
        switch self {
        case .exchange(let error): error.leavesStateUnknown
        case .mismatch: false
        }
    }

    var description: String {
        switch self {
        case .exchange(let error): error.description
        case .mismatch(let difference): "state mismatch: \(difference)"
        }
    }
}
