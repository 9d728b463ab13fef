/// The one error of Hearth's interface: the body of a failed HTTP answer, the message of `hostctl`, and its exit status.
package struct Failure: Error, Sendable, Equatable, Codable {
    /// Which kind of failure. An open set: a code from a newer host still decodes.
    package struct Code: RawRepresentable, Sendable, Hashable, Codable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let invalidArgument = Code(rawValue: "invalid-argument")
        package static let noSuchPlugin = Code(rawValue: "no-such-plugin")
        package static let noSuchDevice = Code(rawValue: "no-such-device")
        package static let noSuchCommand = Code(rawValue: "no-such-command")
        package static let noSuchSeries = Code(rawValue: "no-such-series")
        package static let notFound = Code(rawValue: "not-found")
        package static let notRunning = Code(rawValue: "not-running")
        package static let timedOut = Code(rawValue: "timed-out")
        package static let unreachable = Code(rawValue: "unreachable")
        /// The registry does not answer, or not with what was asked for.
        package static let registryUnreachable = Code(rawValue: "registry-unreachable")
        package static let busy = Code(rawValue: "busy")
        package static let denied = Code(rawValue: "denied")
        package static let invalidSettings = Code(rawValue: "invalid-settings")
        /// Somebody else was faster, or something is in the way for a moment: trying again helps.
        package static let conflict = Code(rawValue: "conflict")
        /// As things are it cannot be done, and trying again does not help.
        package static let refused = Code(rawValue: "refused")
        package static let commandFailed = Code(rawValue: "command-failed")
        /// The user has to agree to far-reaching permissions first.
        package static let needsConsent = Code(rawValue: "needs-consent")
        /// The change was aborted, or undone for a reason that its message gives.
        package static let undone = Code(rawValue: "undone")
        package static let unsupported = Code(rawValue: "unsupported")
        package static let auth = Code(rawValue: "auth")
        /// The one who asked did not want the answer any more. Never on the wire.
        package static let cancelled = Code(rawValue: "cancelled")
        package static let internalError = Code(rawValue: "internal")
    }

    package var code: Code
    /// One sentence: what happened, and where.
    package var message: String
    /// What to do or type next.
    package var hint: String?

    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

extension Failure: CustomStringConvertible {
    package var description: String {
        guard let hint else { return message }
        return "\(message) (\(hint))"
    }
}

/// An error that knows how to tell itself to a user.
package protocol FailureConvertible: Error {
    var failure: Failure { get }
}

extension Failure: FailureConvertible {
    package var failure: Failure { self }
}

extension Failure {
    /// Any error as a failure: what converts itself does, all else is an internal failure with its own text.
    package init(_ error: any Error) {
        self = (error as? any FailureConvertible)?.failure ?? Failure(.internalError, "\(error)")
    }
}

extension Failure.Code {
    /// The HTTP status that goes with the code.
    package var httpStatus: Int {
        switch self {
        case .invalidArgument: 400
        case .denied: 403
        case .noSuchPlugin, .noSuchDevice, .noSuchCommand, .noSuchSeries, .notFound: 404
        case .notRunning, .conflict, .refused, .needsConsent, .undone: 409
        case .invalidSettings: 422
        case .unsupported: 501
        case .commandFailed, .auth: 502
        case .busy, .unreachable, .registryUnreachable: 503
        case .timedOut: 504
        default: 500
        }
    }

    /// The exit status of `hostctl` for the code.
    package var exitStatus: ExitStatus {
        switch self {
        case .noSuchPlugin, .noSuchDevice, .noSuchCommand, .noSuchSeries, .notFound: .noSuchPlugin
        case .notRunning: .notRunning
        case .timedOut: .timedOut
        case .unreachable: .hostNotReachable
        case .busy, .conflict: .busy
        case .invalidArgument: .usage
        case .denied, .needsConsent: .permission
        case .invalidSettings: .badConfiguration
        default: .failure
        }
    }
}

/// The exit statuses of `hostctl`, as `hostctl help exit-codes` lists them.
package enum ExitStatus: Int32, Sendable, CaseIterable {
    case ok = 0
    case failure = 1
    case findings = 2
    case notRunning = 3
    case noSuchPlugin = 4
    case timedOut = 5
    case hostNotReachable = 6
    case busy = 10
    case usage = 64
    case permission = 77
    case badConfiguration = 78

    /// One line for the list.
    package var meaning: String {
        switch self {
        case .ok: "done"
        case .failure: "it failed; the message says why"
        case .findings: "changes are pending, or something was found"
        case .notRunning: "the plugin is not running"
        case .noSuchPlugin: "no such plugin, device, command or series"
        case .timedOut: "timed out"
        case .hostNotReachable: "the host cannot be reached"
        case .busy: "busy: try again"
        case .usage: "wrong usage"
        case .permission: "not permitted"
        case .badConfiguration: "bad configuration or settings"
        }
    }
}
