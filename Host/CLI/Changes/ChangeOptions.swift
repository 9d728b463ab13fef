import ArgumentParser
import HostAPI

/// What every command has that begins a change.
struct ChangeOptions: ParsableArguments {
    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false

    @Flag(help: "Do not wait for the end: print the number of the change.")
    var noWait = false
}

/// What every command has besides that brings in code.
struct ConsentOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Agree to what the plugin asks for, without being asked.")
    var yes = false
}

extension ChangeRun {
    init(_ host: SomeHost, _ output: Output, _ change: ChangeOptions, _ consent: ConsentOptions? = nil) {
        self.init(
            host: host,
            output: output,
            isDryRun: change.dryRun,
            waits: !change.noWait,
            isAgreed: consent?.yes ?? false
        )
    }

    /// Carries out one change and prints what came of it as data.
    func print(_ request: ChangeRequest) async throws(Failure) {
        let plan = try await carryOut(request)
        switch output.format {
        case .table, .wide: break
        case .json, .yaml: output.document(plan)
        case .name: if !plan.listName.isEmpty { output.data(plan.listName + "\n") }
        }
        try plan.check()
    }

    /// Carries out a change for each plugin in turn; one that fails is reported and does not keep the others from it.
    ///
    /// - Throws: the first failure, once all were tried.
    func printEach(_ plugins: [String], _ request: (String) -> ChangeRequest) async throws(Failure) {
        var plans: [ChangePlan] = []
        var failures: [Failure] = []
        for plugin in plugins {
            do {
                let plan = try await carryOut(request(plugin))
                plans.append(plan)
                try plan.check()
            } catch {
                failures.append(error)
            }
        }
        if !output.format.isForPeople { output.list(plans, empty: "") }
        for failure in failures.dropFirst() { output.report(failure) }
        if let failure = failures.first { throw failure }
    }
}

extension ChangePlan: Listable {
    static let columns: [Column<ChangePlan>] = [
        Column("CHANGE") { Cell($0.change?.number, or: "-") },
        Column("SUMMARY") { Cell($0.summary) },
    ]

    /// Empty where there is no change.
    var listName: String { change.map { String($0.number) } ?? "" }
}
