import HostAPI
import Reconcile
import Testing

/// Whatever state a plugin is in, one pass does all that can be done.
@Suite struct ConvergenceTests {
    @Test(arguments: [false, true])
    func aSecondPassHasNothingToDo(isForced: Bool) {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(state: seed)
        for number in 0..<20_000 {
            var world = World.random(using: &random)
            let conditions = PassConditions(now: noon, isForced: isForced, isSafeMode: world.isSafeMode)
            let before = world
            guard let plan = Planner.plan(world.facts, conditions) else { continue }
            check(plan, of: world)
            world.apply(plan)
            // The second pass is the ordinary one that comes by itself, or the same one again.
            for next in [conditions, PassConditions(now: noon, isSafeMode: world.isSafeMode)] {
                let left = Planner.plan(world.facts, next)
                let isDone = left?.steps.isEmpty ?? true
                let isEmpty = left == nil || !plan.findings.allSatisfy { $0.action == "auto-fix" }
                guard !isDone || !isEmpty else { continue }
                let found = String(describing: left)
                Issue.record("seed \(seed), state \(number): \(before) -> \(plan) -> \(world) -> \(found)")
                return
            }
        }
    }

    /// What holds for every plan.
    private func check(_ plan: PluginPlan, of world: World) {
        let actions = Set(plan.findings.map(\.action))
        #expect(plan.steps.isEmpty == !actions.contains("auto-fix"))
        #expect(!plan.findings.isEmpty)
        for finding in plan.findings {
            #expect(finding.outcome == "pending")
            #expect(FindingKind(rawValue: finding.kind) != nil)
            #expect(finding.action == "auto-fix" ? finding.result.isEmpty : !finding.result.isEmpty)
        }
        if world.facts.observed.openChange != nil { #expect(actions == ["none"]) }
        if world.facts.isTombstoned {
            let bringsBack = plan.steps.contains { step in
                if case .install = step { world.facts.observed.directories.isEmpty } else { step == .adopt }
            }
            #expect(!bringsBack)
        }
    }
}

/// A generator whose numbers a seed decides.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
