import HostAPI
import Reconcile

let first = ActiveVersion(version: "1.0.0", directory: "1.0.0-aaaaaaaaaaaa", codeHash: "aa")
let second = ActiveVersion(version: "1.1.0", directory: "1.1.0-bbbbbbbbbbbb", codeHash: "bb")
let noon = Timestamp(milliseconds: 1_800_000_000_000)
let ordinary = PassConditions(now: noon)
let forced = PassConditions(now: noon, isForced: true)

extension WorkerReport {
    init(_ version: ActiveVersion, revision: Int64 = 0, isolation: Isolation = .worker) {
        self.init(
            directory: version.directory,
            codeHash: version.codeHash,
            settingsRevision: revision,
            isolation: isolation
        )
    }
}

/// A plugin with which all is well, and then what the test makes of it.
func kasa(_ spoil: (inout PluginFacts) -> Void = { _ in }) -> PluginFacts {
    var facts = PluginFacts(
        id: "kasa",
        desired: DesiredState(active: first),
        observed: ObservedState(directories: [first.directory], worker: WorkerReport(first), activity: .running)
    )
    spoil(&facts)
    return facts
}

extension PluginFacts {
    /// It rests, and this is why.
    mutating func rest(_ activity: Activity) {
        observed.activity = activity
        observed.worker = nil
    }

    func planned(_ conditions: PassConditions = ordinary) -> PluginPlan? { Planner.plan(self, conditions) }
}

extension PluginPlan {
    /// `kind action` of each finding.
    var words: [String] { findings.map { "\($0.kind) \($0.action)" } }
}
