import Glibc
import HostAPI
import Store
import Testing

@testable import Installation

/// Random histories of operations on three plugins, with failures and crashes, against a model that a child could check.
@Suite struct HistoryTests {
    /// What shall be there.
    struct Model: Equatable {
        struct Plugin: Equatable {
            var version: String?
            var previous: String?
            var isEnabled = true
            var isPinned = false
            var hasTombstone = false
            var hasSettings = false
        }

        var plugins: [String: Plugin] = [:]
    }

    enum Operation: CaseIterable {
        case install, upgradeHigh, rollback, uninstall, purge, switchEnabled, pin, unpin, settings, restart
    }

    enum Trouble: Equatable {
        case none
        case failure(String, Installer.Checkpoint.Moment)
        case crash(String, Installer.Checkpoint.Moment)
        case ill
    }

    private static let ids = ["kasa", "hue", "icy"]
    private static let versions = ["1.0.0", "1.1.0", "2.0.0"]
    private static let tasks = [
        "unpack", "verify", "sync", "probe", "place", "commit", "switch", "observe", "retire", "stop", "remove",
        "purge", "sweep",
    ]

    @Test(arguments: 0..<12)
    func everyHistoryEndsAsTheModelSays(_ group: Int) async throws {
        // HISTORIES=250 makes it 3,000.
        let count = getenv("HISTORIES").flatMap { Int(String(cString: $0)) } ?? 25
        for part in 0..<count { try await history(seed: UInt64(group * 1_000 + part), length: 12) }
    }

    private func history(seed: UInt64, length: Int) async throws {
        var chance = SplitMix64(seed: seed)
        let bench = try Bench()
        try await bench.start()
        var model = Model()
        var log: [String] = []
        for _ in 0..<length {
            let id = Self.ids.randomElement(using: &chance) ?? "kasa"
            let operation = Operation.allCases.randomElement(using: &chance) ?? .install
            let version = Self.versions.randomElement(using: &chance) ?? "1.0.0"
            let trouble = trouble(&chance)
            log.append("\(operation) \(id) \(version) \(trouble)")
            let outcome = try await carryOut(operation, id, version, trouble, bench)
            model.apply(operation, id, version, outcome)
            let observed = try Model(of: bench)
            if observed != model {
                Issue.record("seed \(seed): \(log.joined(separator: "; ")): is \(observed), should be \(model)")
                return
            }
        }
        try await bench.start()
        try await bench.expectNothingLeft()
        #expect(!bench.runner.state.value.isStartedTwice, "seed \(seed)")
        #expect(try Model(of: bench) == model, "seed \(seed), after the last start")
    }

    private func trouble(_ chance: inout SplitMix64) -> Trouble {
        let task = Self.tasks.randomElement(using: &chance) ?? "commit"
        let moment: Installer.Checkpoint.Moment = chance.next() % 2 == 0 ? .beforeDoing : .afterDoing
        switch chance.next() % 6 {
        case 0: return .failure(task, moment)
        case 1, 2: return .crash(task, moment)
        case 3: return .ill
        default: return .none
        }
    }

    /// - Returns: Whether it was done, as the change's record or the answer says.
    private func carryOut(
        _ operation: Operation,
        _ id: String,
        _ version: String,
        _ trouble: Trouble,
        _ bench: Bench
    ) async throws -> Bool {
        switch operation {
        case .install:
            let request = ChangeRequest(
                kind: .install,
                source: try bench.packages.make(version, of: id),
                version: version
            )
            return try await run(request, trouble, ill: version, bench)
        case .upgradeHigh:
            let request = ChangeRequest(kind: .install, source: try bench.packages.make("3.0.0", of: id))
            return try await run(request, trouble, ill: "3.0.0", bench)
        case .rollback:
            let ill = try bench.previous(id)
            return try await run(ChangeRequest(kind: .rollback, plugin: id), trouble, ill: ill, bench)
        case .uninstall: return try await run(ChangeRequest(kind: .uninstall, plugin: id), trouble, ill: nil, bench)
        case .purge:
            return try await run(ChangeRequest(kind: .uninstall, plugin: id, isPurge: true), trouble, ill: nil, bench)
        case .pin: return try await run(ChangeRequest(kind: .pin, plugin: id), .none, ill: nil, bench)
        case .unpin: return try await run(ChangeRequest(kind: .unpin, plugin: id), .none, ill: nil, bench)
        case .switchEnabled:
            guard let desired = try bench.database.desiredPlugin(id), desired.installation.isWanted else {
                return false
            }
            try await bench.installer.setEnabled(!desired.isEnabled, plugin: id, author: "user")
            // Whoever runs plugins is told by the host.
            _ = try await bench.runner.stop(id)
            _ = try await bench.runner.takeUp(id)
            return true
        case .settings:
            guard try bench.active(id) != nil else { return false }
            try bench.database.saveSettings(.object([:]), ofPlugin: id, author: "user")
            return true
        case .restart:
            try await bench.start()
            return true
        }
    }

    private func run(_ request: ChangeRequest, _ trouble: Trouble, ill: String?, _ bench: Bench) async throws -> Bool {
        let plan: ChangePlan
        let gate = Gate()
        defer {
            bench.fault.value = nil
            bench.runner.state.change { $0.ill = [] }
        }
        gate.open()
        switch trouble {
        case .none: break
        case .ill: if let ill { bench.runner.state.change { $0.ill = [ill] } }
        case .failure(let task, let moment):
            bench.fault.value = { checkpoint in
                if checkpoint.task == task, checkpoint.moment == moment, !(task == "purge" && moment == .afterDoing) {
                    throw Failure(.timedOut, "the test wants it")
                }
            }
        case .crash(let task, let moment):
            bench.fault.value = { checkpoint in
                guard checkpoint.task == task, checkpoint.moment == moment else { return }
                await gate.wait()
                await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
            }
        }
        do throws(Failure) {
            plan = try await bench.installer.begin(request, author: "user")
        } catch {
            return false
        }
        guard let number = plan.change?.number else { return false }
        if case .crash = trouble, await ends(number, orReaches: gate, bench) == false {
            bench.fault.value = nil
            try await bench.start()
        }
        return try await bench.installer.wait(for: number).state == .done
    }

    /// - Returns: False if the crash came first.
    private func ends(_ number: Int64, orReaches gate: Gate, _ bench: Bench) async -> Bool {
        let (stream, continuation) = AsyncStream.makeStream(of: Bool.self)
        let installer = bench.installer
        let waiting = Task {
            _ = try? await installer.wait(for: number)
            continuation.yield(true)
            gate.release()
        }
        let reaching = Task {
            await gate.reached()
            continuation.yield(false)
        }
        var first = true
        for await end in stream {
            first = end
            break
        }
        waiting.cancel()
        if first { await reaching.value }
        return first
    }
}

extension HistoryTests.Model {
    /// What an operation comes to that was done.
    mutating func apply(_ operation: HistoryTests.Operation, _ id: String, _ version: String, _ isDone: Bool) {
        guard isDone else { return }
        var plugin = plugins[id] ?? Plugin()
        switch operation {
        case .install: plugin.activate(version)
        case .upgradeHigh: plugin.activate("3.0.0")
        case .rollback: (plugin.version, plugin.previous) = (plugin.previous, plugin.version)
        case .uninstall:
            plugin = Plugin(isEnabled: plugin.isEnabled, hasTombstone: true, hasSettings: plugin.hasSettings)
        case .purge: plugin = Plugin(hasTombstone: true)
        case .switchEnabled: plugin.isEnabled.toggle()
        case .pin: plugin.isPinned = true
        case .unpin: plugin.isPinned = false
        case .settings: plugin.hasSettings = true
        case .restart: return
        }
        plugins[id] = plugin
    }

    /// What is.
    init(of bench: Bench) throws {
        for desired in try bench.database.desiredPlugins() {
            let installed = try bench.database.installedPlugin(desired.id)
            plugins[desired.id] = Plugin(
                version: installed?.version.version,
                previous: installed?.previousVersion?.version,
                isEnabled: desired.isEnabled,
                isPinned: desired.installation.isPinned,
                hasSettings: desired.settingsRevision > 0
            )
        }
        for tombstone in try bench.database.tombstones() {
            plugins[tombstone.plugin, default: Plugin()].hasTombstone = true
        }
        let running = plugins.filter { $0.value.version != nil && $0.value.isEnabled }.keys.sorted()
        let isRunning = bench.runner.running.keys.sorted()
        #expect(running == isRunning)
        for (id, plugin) in plugins where plugin.version != nil && plugin.isEnabled {
            #expect(bench.runner.running[id]?.hasPrefix("\(plugin.version ?? "")-") == true)
        }
    }
}

extension HistoryTests.Model.Plugin {
    fileprivate mutating func activate(_ new: String) {
        if new != version { (version, previous) = (new, version ?? previous) }
        hasTombstone = false
    }
}
