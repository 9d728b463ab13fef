import PluginAPI
import Synchronization

/// Calls a plugin of whatever type, with texts as they come from the host.
protocol Runner: Sendable {
    func start(settings: String) async throws
    func apply(settings: String, changes: String, scope: Int32, revision: UInt64) async throws
    func stop() async
    func command(_ command: Command) async throws -> JSON
    func health() async throws -> JSON
}

/// Remembers which settings are in force, so that the plugin need not.
final class PluginRunner<P: Plugin>: Runner {
    private enum State {
        case made
        case started(P.Settings)
        case failed
    }

    private let plugin: P
    private let state = Mutex(State.made)

    init(_ plugin: P) {
        self.plugin = plugin
    }

    func start(settings document: String) async throws {
        state.withLock { $0 = .failed }
        let settings = try decode(document)
        try await plugin.start(settings)
        state.withLock { $0 = .started(settings) }
    }

    func apply(settings document: String, changes: String, scope: Int32, revision: UInt64) async throws {
        guard case .started(let old) = state.withLock(\.self) else {
            throw PluginError.retryable("the plugin is not running; it takes its settings when it starts")
        }
        let new = try decode(document)
        let changes = try SettingsChanges(scope: scope, revision: revision, document: changes)
        try await plugin.apply(new, old: old, changes: changes)
        state.withLock { $0 = .started(new) }
    }

    func stop() async {
        if case .made = state.withLock(\.self) { return }
        await plugin.stop()
        state.withLock { $0 = .made }
    }

    func command(_ command: Command) async throws -> JSON { try await plugin.command(command) }

    func health() async throws -> JSON { try await plugin.health() }

    private func decode(_ document: String) throws -> P.Settings {
        do {
            return try JSON(parsing: document.isEmpty ? "{}" : document).decode(P.Settings.self)
        } catch let error as DecodingError {
            throw PluginError.invalidSettings("settings: \(JSON.explain(error))")
        } catch {
            throw PluginError.invalidSettings("settings: \(error)")
        }
    }
}
