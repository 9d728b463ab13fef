import HostAPI
import Installation
import Manifests
import Store

/// Runs plugins as far as an installation can tell: it remembers which version of each runs.
final class MemoryRunner: PluginRunner {
    struct State: Sendable {
        /// The directory of the version that runs, by plugin.
        var running: [String: String] = [:]
        /// Versions that start and die.
        var ill: Set<String> = []
        /// Versions whose code crashes in the probe.
        var crashing: Set<String> = []
        var refusesToStop = false
        /// A plugin was started that ran already.
        var isStartedTwice = false
        var probes: [String] = []
        var windows: [Duration] = []
        var needsHostRestart = false
    }

    let ledger: Ledger
    let state = Locked(State())
    /// Called in `observe`.
    let observing = Locked<(@Sendable () async -> Void)?>(nil)

    init(ledger: Ledger) {
        self.ledger = ledger
    }

    var running: [String: String] { state.value.running }

    /// As at the host's start: whatever the database says runs.
    func startAll() async throws {
        let installed = try await ledger.installedPlugins()
        state.change { state in
            state.running = [:]
            for plugin in installed where plugin.isEnabled { state.running[plugin.id] = plugin.version.directory }
        }
    }

    func probe(_ package: Package, codeHash: String) async throws(Failure) {
        let version = package.manifest.version.description
        let isCrashing = state.change { state in
            state.probes.append(version)
            return state.crashing.contains(version)
        }
        guard isCrashing else { return }
        let entry = QuarantineEntry(
            hash: codeHash,
            plugin: package.manifest.id.text,
            reason: "its probe crashed",
            since: .now
        )
        do throws(StoreError) {
            try await ledger.perform { database throws(StoreError) in try database.addQuarantine(entry) }
        } catch {
            throw error.failure
        }
        throw Failure(.commandFailed, "the code of \(version) crashed in its probe")
    }

    func stop(_ plugin: String) async throws(Failure) -> Bool {
        if state.value.refusesToStop { throw Failure(.internalError, "\(plugin) could not be stopped") }
        return state.change { state in
            guard let directory = state.running.removeValue(forKey: plugin) else { return false }
            return !state.ill.contains { directory.hasPrefix("\($0)-") }
        }
    }

    func takeUp(_ plugin: String) async throws(Failure) -> PluginState? {
        let installed: InstalledPlugin?
        do throws(StoreError) { installed = try await ledger.installedPlugin(plugin) } catch { throw error.failure }
        return state.change { state in
            if state.running[plugin] != nil { state.isStartedTwice = true }
            state.running[plugin] = installed.flatMap { $0.isEnabled ? $0.version.directory : nil }
            return state.needsHostRestart ? .needsHostRestart : nil
        }
    }

    func observe(_ plugin: String, for window: Duration) async throws(Failure) {
        state.change { $0.windows.append(window) }
        await observing.value?()
        let directory = state.value.running[plugin] ?? ""
        guard let version = state.value.ill.first(where: { directory.hasPrefix("\($0)-") }) else { return }
        throw Failure(.commandFailed, "\(plugin) \(version) died: signal 11 (SIGSEGV)")
    }
}
