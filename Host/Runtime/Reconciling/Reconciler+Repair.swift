import HostAPI
import Installation
import Reconcile
import Store

/// Carrying out what was planned.
extension Reconciler {
    /// How many plugins are mended side by side.
    private static let breadth = 4

    /// - Returns: All findings, with what was done about each, in the plan's order.
    func carryOut(_ plan: Plan, isForced: Bool) async -> [Finding] {
        await withTaskGroup(of: (Int, [Finding]).self) { group in
            var results: [Int: [Finding]] = [:]
            var next = 0
            func addNext() {
                guard next < plan.plugins.count else { return }
                let (index, plugin) = (next, plan.plugins[next])
                next += 1
                group.addTask { (index, await self.carryOut(plugin, isForced: isForced)) }
            }
            for _ in 0..<Self.breadth { addNext() }
            for await (index, findings) in group {
                results[index] = findings
                addNext()
            }
            return results.sorted { $0.key < $1.key }.flatMap(\.value)
        }
    }

    private func carryOut(_ plan: PluginPlan, isForced: Bool) async -> [Finding] {
        guard !plan.steps.isEmpty else { return plan.findingsWhenDone() }
        var memory = (try? await services.repairMemory(of: plan.plugin)) ?? RepairMemory()
        if plan.forgetsFailures { memory.forget() }
        do throws(Failure) {
            var results: [String] = []
            for step in plan.steps { results.append(try await carryOut(step, plan.plugin)) }
            memory.note(.succeeded, at: services.clock(), chance: services.chance())
            services.remember(memory, of: plan.plugin)
            return plan.findingsWhenDone(results.filter { !$0.isEmpty }.joined(separator: "; "))
        } catch {
            memory.note(outcome(of: error, plan.steps), at: services.clock(), chance: services.chance())
            services.remember(memory, of: plan.plugin)
            services.logs.note(plan.plugin, .warning, "it could not be mended: \(error)")
            return plan.findingsWhenFailed(error)
        }
    }

    /// What a failure says about a further attempt. Only a registry that has answered can say that there is nothing.
    private func outcome(of failure: Failure, _ steps: [RepairStep]) -> RepairOutcome {
        let asksRegistry = steps.contains { if case .install = $0 { true } else { false } }
        guard asksRegistry else { return .failed }
        switch failure.code {
        case .noSuchPlugin, .notFound: return .missing(failure.message)
        case .unreachable, .registryUnreachable: return .registryUnreachable
        default: return .failed
        }
    }

    private func carryOut(_ step: RepairStep, _ plugin: String) async throws(Failure) -> String {
        switch step {
        case .adopt:
            return try await change(ChangeRequest(kind: .adopt, plugin: plugin))
        case .install(let version):
            // Nobody has agreed to what another version may ask for: that needs the user.
            return try await change(ChangeRequest(kind: .install, plugin: plugin, version: version))
        case .takeUp:
            _ = try await fleet.takeUp(plugin)
            return "taken up anew"
        case .applySettings:
            return try await fleet.applySettings(plugin)
        case .start:
            _ = try await fleet.supervisor(plugin).control(.start)
            return "started"
        case .stop:
            _ = try await fleet.supervisor(plugin).control(.stop)
            return "stopped"
        }
    }

    private func change(_ request: ChangeRequest) async throws(Failure) -> String {
        let plan = try await installer.begin(request, author: "reconcile")
        guard let begun = plan.change else { return plan.summary }
        let change = try await installer.wait(for: begun.number)
        guard change.state == .done else {
            throw change.failure ?? Failure(.undone, "change \(change.number) was undone: \(change.message)")
        }
        return "change \(change.number): \(change.message)"
    }
}
