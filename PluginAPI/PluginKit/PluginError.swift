/// Why something that a plugin was asked to do did not happen.
///
/// The class tells the host what to do about it: try again, give up, or wait for the user. The message is for the
/// user: one sentence that says what happened and what to do next.
public struct PluginError: Error, Hashable, CustomStringConvertible {
    /// What the host makes of a failure.
    public enum Class: Hashable, Sendable {
        /// May succeed later by itself: a timeout, a device that is off. A failed start is tried again.
        case retryable
        /// Will fail again: no such device, a model that cannot do it. A failed start stops the plugin for good.
        case permanent
        /// Credentials are missing or wrong. The plugin waits for the user, without retries.
        case auth
        /// The settings cannot work.
        case invalidSettings
        /// No such command, no such ability of the plugin or of the host.
        case unsupported
        /// A bug in the plugin or in the host.
        case `internal`
        /// The host says that an argument breaks the rules of `plugin_api.h`.
        case invalid
        /// The manifest does not ask for the permission, or the user has not given it.
        case denied
        /// A bounded queue of the host is full.
        case busy
    }

    /// What the host makes of it.
    public let `class`: Class
    /// One sentence for the user.
    public let message: String

    public init(_ class: Class, _ message: String) {
        self.class = `class`
        self.message = message
    }

    public var description: String { message }

    /// A failure that may pass by itself.
    public static func retryable(_ message: String) -> PluginError { PluginError(.retryable, message) }
    /// A failure that will happen again.
    public static func permanent(_ message: String) -> PluginError { PluginError(.permanent, message) }
    /// Missing or wrong credentials.
    public static func auth(_ message: String) -> PluginError { PluginError(.auth, message) }
    /// Settings that cannot work; the message says which and why.
    public static func invalidSettings(_ message: String) -> PluginError { PluginError(.invalidSettings, message) }
    /// An ability that is not there.
    public static func unsupported(_ message: String) -> PluginError { PluginError(.unsupported, message) }
    /// A bug.
    public static func `internal`(_ message: String) -> PluginError { PluginError(.internal, message) }
}

/// An error that knows its class and its sentence for the user.
///
/// Whatever a plugin throws is turned into a ``PluginError``; an error that does not say how counts as ``PluginError/Class/internal``.
public protocol PluginErrorConvertible: Error {
    /// The same failure as the host understands it.
    var pluginError: PluginError { get }
}

extension PluginError: PluginErrorConvertible {
    public var pluginError: PluginError { self }

    /// The failure that `error` stands for.
    public init(_ error: any Error) {
        switch error {
        case let error as any PluginErrorConvertible: self = error.pluginError
        case let error as DecodingError: self = .permanent(JSON.explain(error))
        case is CancellationError: self = .retryable("it was cancelled, because the plugin is stopping")
        default: self = .internal(String(describing: error))
        }
    }
}
