import HostAPI

/// Compares what is wanted with what is, and says what has to be done. Pure: the same facts give the same plan, so that a
/// dry run shows exactly what a run would do.
package enum Planner {
    /// Looks at every plugin.
    ///
    /// - Parameters:
    ///   - snapshot: What all sources say.
    ///   - conditions: The circumstances of the pass.
    /// - Returns: What is wrong, by plugin.
    package static func plan(_ snapshot: Snapshot, _ conditions: PassConditions) -> Plan {
        var plugins: [PluginPlan] = []
        snapshot.visitAll { facts in
            if let plan = plan(facts, conditions) { plugins.append(plan) }
        }
        return Plan(plugins: plugins.sorted { $0.plugin < $1.plugin })
    }

    /// Looks at one plugin.
    ///
    /// - Parameters:
    ///   - facts: Of one plugin.
    ///   - conditions: The circumstances of the pass.
    /// - Returns: Nil if all is as it should be.
    package static func plan(_ facts: PluginFacts, _ conditions: PassConditions) -> PluginPlan? {
        var examination = Examination(facts: facts, conditions: conditions)
        examination.examineStore()
        examination.examineEnabled()
        examination.examineSettings()
        examination.examineRunning()
        examination.holdBack()
        return examination.plan
    }
}

/// The look at one plugin.
struct Examination {
    let facts: PluginFacts
    let conditions: PassConditions
    /// What is wanted; nil for what is not, or not any more.
    let desired: DesiredState?
    /// The version that shall run is there.
    let isInStore: Bool
    private var findings: [Finding] = []
    private var steps: [RepairStep] = []

    init(facts: PluginFacts, conditions: PassConditions) {
        self.facts = facts
        self.conditions = conditions
        desired = facts.desired.flatMap { $0.isWanted ? $0 : nil }
        isInStore = desired?.active.map { facts.observed.directories.contains($0.directory) } ?? false
    }

    var id: String { facts.id }
    var observed: ObservedState { facts.observed }
    /// The version that shall run is there and whole.
    var isUsable: Bool { isInStore && observed.damage == nil }

    var unrecoverable: String? { conditions.isForced ? nil : facts.repairs.unrecoverable }

    var plan: PluginPlan? {
        guard !findings.isEmpty else { return nil }
        return PluginPlan(
            plugin: id,
            findings: findings,
            steps: steps,
            forgetsFailures: conditions.isForced && !facts.repairs.isEmpty && !steps.isEmpty
        )
    }

    // MARK: Noting

    /// What is done about a finding.
    enum Remedy {
        case step(RepairStep)
        /// What a person has to do.
        case person(String)
        /// Why nothing is done.
        case nothing(String)
    }

    mutating func find(
        _ kind: FindingKind,
        _ description: String,
        current: String,
        expected: String,
        _ remedy: Remedy
    ) {
        var finding = Finding(
            plugin: id,
            kind: kind.rawValue,
            description: description,
            action: FindingAction.autoFix.rawValue,
            current: current,
            expected: expected,
            outcome: FindingOutcome.pending.rawValue
        )
        switch remedy {
        case .step(let step):
            add(step)
        case .person(let advice):
            finding.action = FindingAction.manual.rawValue
            finding.result = advice
        case .nothing(let reason):
            finding.action = FindingAction.none.rawValue
            finding.result = reason
        }
        findings.append(finding)
    }

    /// Adds what is to be done, unless a step that does more is there already.
    private mutating func add(_ step: RepairStep) {
        if steps.contains(where: { $0.covers(step) }) { return }
        steps.removeAll { step.covers($0) }
        steps.append(step)
    }

    /// Takes back what is not to be done now: a change is under way, or it was tried in vain not long ago.
    mutating func holdBack() {
        if let change = observed.openChange {
            // Whatever looks wrong may be its work half done.
            postpone("change \(change) is under way; \"hostctl change \(change)\" shows it") { _ in true }
        } else if !conditions.isForced, !steps.isEmpty, let end = facts.repairs.pauseEnd(at: conditions.now) {
            let count = facts.repairs.failures
            let before = count == 0 ? "" : " after \(count == 1 ? "a failure" : "\(count) failures in a row")"
            let reason = "tried again at \(end)\(before); \"hostctl reconcile --force \(id)\" tries at once"
            postpone(reason) { $0 == FindingAction.autoFix.rawValue }
        }
    }

    private mutating func postpone(_ reason: String, _ isPostponed: (_ action: String) -> Bool) {
        steps = []
        for index in findings.indices where isPostponed(findings[index].action) {
            findings[index].action = FindingAction.none.rawValue
            findings[index].result = reason
        }
    }
}

extension RepairStep {
    /// Whether this step is sure to leave nothing to do for the other one.
    fileprivate func covers(_ other: RepairStep) -> Bool {
        if self == other { return true }
        switch self {
        case .adopt, .install: return true
        // It starts nothing that has crashed too often, and exchanges no worker that need not be.
        case .takeUp: return other == .stop
        case .applySettings, .start, .stop: return false
        }
    }
}
