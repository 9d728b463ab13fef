package import HostAPI

/// The outcome of a call into a plugin: `hearth_status` of the C header.
package struct PluginStatus: RawRepresentable, Sendable, Hashable {
    package let rawValue: Int32

    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    package static let ok = PluginStatus(rawValue: 0)
    package static let retryable = PluginStatus(rawValue: -1)
    package static let permanent = PluginStatus(rawValue: -2)
    package static let auth = PluginStatus(rawValue: -3)
    package static let invalidSettings = PluginStatus(rawValue: -4)
    package static let unsupported = PluginStatus(rawValue: -5)
    package static let internalError = PluginStatus(rawValue: -6)
    package static let invalid = PluginStatus(rawValue: -7)
    package static let denied = PluginStatus(rawValue: -8)
    package static let busy = PluginStatus(rawValue: -9)

    /// The failure code that a caller of the plugin sees.
    package var failureCode: Failure.Code {
        switch self {
        case .auth: .auth
        case .invalidSettings: .invalidSettings
        case .unsupported: .noSuchCommand
        case .invalid: .invalidArgument
        case .denied: .denied
        case .busy: .busy
        default: .commandFailed
        }
    }

    /// The status that a plugin sees for a failure of the host.
    package init(_ failure: Failure) {
        self =
            switch failure.code {
            case .timedOut, .notRunning, .unreachable: .retryable
            case .noSuchPlugin, .noSuchDevice, .notFound, .noSuchSeries: .permanent
            case .noSuchCommand, .unsupported: .unsupported
            case .invalidArgument: .invalid
            case .denied: .denied
            case .busy: .busy
            case .auth: .auth
            case .commandFailed: .retryable
            default: .internalError
            }
    }
}

/// What a plugin answers to a call, or the host to a plugin's request.
package struct Answer: Equatable, Sendable {
    package var status: PluginStatus
    /// A JSON value, or empty.
    package var json: String
    package var message: String

    package init(status: PluginStatus, json: String = "", message: String = "") {
        self.status = status
        self.json = json
        self.message = message
    }

    package init(_ failure: Failure) {
        self.init(status: PluginStatus(failure), message: failure.description)
    }
}
