/// A plugin: what an author writes.
///
/// Usually an actor, because commands arrive while the plugin works. Every method runs as a task, off the host's
/// thread. ``start(_:)``, ``apply(_:old:changes:)`` and ``stop()`` never overlap with each other; commands and
/// ``health()`` begin in the order in which they came, and run beside each other.
///
///     actor Lamp: Plugin {
///         static let id = "lamp"
///         static let version = "1.0.0"
///         init(host: Host) { … }
///         func start(_ settings: Settings) async throws { … }
///         func stop() async { … }
///     }
///
/// One line in the same module exports it:
///
///     @c @implementation
///     public func hearth_plugin_entry() -> UnsafePointer<hearth_plugin>? { Export<Lamp>.entry }
///
/// Whatever a method throws reaches the user as a ``PluginError``.
public protocol Plugin: Sendable {
    /// The settings as the manifest's schema describes them. `intervalSeconds` reads the key `interval_seconds`.
    associatedtype Settings: Decodable & Sendable = NoSettings

    /// `[a-z][a-z0-9-]{1,30}`; the manifest's.
    static var id: String { get }

    /// MAJOR.MINOR.PATCH; the manifest's.
    static var version: String { get }

    /// Makes the plugin. Quick: no network, no tasks yet. `host` can be used from here on until the plugin is gone.
    init(host: Host) throws

    /// Begins to work. Returns once commands can be taken, within 10 s; what the plugin connects to may still be away.
    ///
    /// ``PluginError/Class/auth`` and ``PluginError/Class/invalidSettings`` wait for the user,
    /// ``PluginError/Class/permanent`` stops the plugin for good, other failures are retried with growing pauses.
    func start(_ settings: Settings) async throws

    /// Ends all work that ``start(_:)`` began, within 5 s: tasks cancelled and awaited, connections closed.
    ///
    /// Running commands were cancelled and have returned before. A start may follow. Called after a failed start too.
    func stop() async

    /// Takes new settings while running. If it throws, the old settings stay in force and the user is told why.
    ///
    /// Unless implemented, the plugin is stopped and started with the new settings, or with the old ones again if
    /// that fails.
    func apply(_ settings: Settings, old: Settings, changes: SettingsChanges) async throws

    /// Carries out a command, and returns what the user gets to see; `null` for nothing.
    ///
    /// Cancelled when the plugin stops. A command that outlives ``Command/timeout`` may go on, to nobody's knowledge.
    func command(_ command: Command) async throws -> JSON

    /// Figures worth knowing, an object. Asked seldom, when somebody looks.
    func health() async throws -> JSON
}

/// For plugins without settings.
public struct NoSettings: Codable, Hashable, Sendable {}

extension Plugin {
    public func apply(_ settings: Settings, old: Settings, changes: SettingsChanges) async throws {
        await stop()
        do {
            try await start(settings)
        } catch {
            await stop()
            try await start(old)
            throw error
        }
    }

    public func command(_ command: Command) async throws -> JSON {
        throw PluginError.unsupported("\(Self.id) has no command \(command.name)")
    }

    public func health() async throws -> JSON { [:] }
}
