import HostAPI
import Reconcile

/// One plugin as the executor of a plan would leave it. Installing brings version 1.0.0 or the one that is asked for.
struct World {
    var facts: PluginFacts
    var isSafeMode = false

    mutating func apply(_ plan: PluginPlan) {
        if plan.forgetsFailures { facts.repairs.forget() }
        for step in plan.steps { apply(step) }
    }

    private mutating func apply(_ step: RepairStep) {
        switch step {
        case .adopt:
            let directory = facts.observed.directories.max() ?? ""
            let version = directory == second.directory ? second : first
            facts.desired = DesiredState(isEnabled: false, active: version)
            facts.rest(.disabled)
            facts.observed.isEnabled = false
        case .install(let version):
            let installed = version == second.version ? second : first
            if !facts.observed.directories.contains(installed.directory) {
                facts.observed.directories.append(installed.directory)
            }
            facts.observed.damage = nil
            facts.desired?.active = installed
            facts.rest(.absent)
            takeUp()
        case .takeUp:
            takeUp()
        case .applySettings:
            facts.observed.worker?.settingsRevision = facts.desired?.settingsRevision ?? 0
        case .start:
            if facts.observed.worker == nil { run() }
        case .stop:
            facts.rest(.disabled)
        }
    }

    private mutating func takeUp() {
        guard let desired = facts.desired, desired.isWanted, desired.isEnabled else {
            facts.observed.isEnabled = facts.desired?.isEnabled ?? false
            return facts.rest(facts.desired?.isWanted == true ? .disabled : .absent)
        }
        facts.observed.isEnabled = true
        // Code inside hostd stays until hostd goes.
        if facts.observed.worker?.isolation == .host { return }
        switch facts.observed.activity {
        case .auth, .crashLooping, .quarantined, .failed, .needsHostRestart, .stopped(byUser: true), .stopping: break
        case .absent, .starting, .running, .backingOff, .disabled, .stopped(byUser: false): run()
        }
    }

    private mutating func run() {
        guard let desired = facts.desired, let active = desired.active, facts.observed.damage == nil, !isSafeMode else {
            return facts.rest(.stopped(byUser: false))
        }
        facts.observed.activity = .running
        facts.observed.worker = WorkerReport(
            active,
            revision: desired.settingsRevision,
            isolation: desired.isolation
        )
    }
}

extension World {
    /// Any state that a plugin can be in.
    static func random(using random: inout some RandomNumberGenerator) -> World {
        func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &random) < share }
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }
        var facts = PluginFacts(id: "kasa", desired: nil)
        if chance(0.85) {
            facts.desired = DesiredState(
                isWanted: chance(0.9),
                isEnabled: chance(0.7),
                active: pick([first, first, second, nil]),
                wantedVersion: pick([nil, nil, "1.0.0", "1.1.0"]),
                isPinned: chance(0.2),
                settingsRevision: pick([0, 1]),
                isolation: chance(0.1) ? .host : .worker,
                link: chance(0.1) ? "/src/kasa" : nil
            )
        }
        facts.observed = ObservedState(
            directories: pick([[], [first.directory], [first.directory, second.directory]]),
            damage: chance(0.1) ? "plugin.yaml is not there" : nil,
            activity: pick([
                .absent, .starting, .running, .running, .running, .stopping, .backingOff, .stopped(byUser: true),
                .stopped(byUser: false), .disabled, .auth, .crashLooping, .quarantined("it crashed"), .failed("no"),
                .needsHostRestart,
            ]),
            isEnabled: chance(0.7),
            openChange: chance(0.05) ? 7 : nil
        )
        if facts.observed.activity == .running {
            facts.observed.worker = WorkerReport(
                pick([first, second]),
                revision: pick([0, 1]),
                isolation: chance(0.1) ? .host : .worker
            )
        }
        facts.isTombstoned = chance(0.1)
        if chance(0.2) {
            facts.repairs = RepairMemory(
                failures: pick([0, 1, 3]),
                notBefore: pick([nil, noon - .seconds(1), noon + .seconds(60)]),
                unrecoverable: chance(0.5) ? "the registry does not have it" : nil
            )
        }
        return World(facts: facts, isSafeMode: chance(0.1))
    }
}
