package import HostAPI
internal import Store
internal import Synchronization

/// What was found at the host's start.
package struct RecoveryReport: Sendable, Equatable {
    /// Changes that had not reached their commit point, or were being undone.
    package var undone: [Change] = []
    /// Changes that were carried out to their end.
    package var finished: [Change] = []
    /// The numbers of changes whose new version has still to be watched: `resume()` does.
    package var toObserve: [Int64] = []
    /// What could be neither finished nor undone, and why.
    package var unresolved: [String] = []
    /// Left-overs that were removed from the staging directory and the trash.
    package var swept = 0

    package init() {}
}

extension Installer {
    /// Brings every change that a crash has interrupted to its end, before any plugin is started: one that had not reached
    /// its commit point is undone, one that had is finished. Then nothing is left in the staging directory and the trash.
    ///
    /// A second call finds nothing to do.
    ///
    /// - Returns: What was done.
    /// - Throws: If the database or a directory cannot be read. Then nothing was changed.
    package func recover() async throws(Failure) -> RecoveryReport {
        var report = RecoveryReport()
        let layout = services.layout
        try await FileWork.run { () throws(Failure) in
            for directory in [layout.store, layout.staging, layout.trash] { try Files.makeDirectory(directory) }
        }
        let known = Set(state.withLock { $0.recovered.map(\.job.number) })
        var open: Set<Int64> = []
        for record in try await store({ database throws(StoreError) in try database.openChanges() })
        where !known.contains(record.change.number) {
            if await !recover(record, &report) { open.insert(record.change.number) }
        }
        let left = try await store { database throws(StoreError) in try database.openChanges() }
        report.unresolved += try await removeUnusedVersions(except: Set(left.map(\.change.plugin)))
        report.swept = try await sweep(keeping: open.union(known))
        return report
    }

    /// Carries on with what `recover()` has left until plugins run. Does not wait for it.
    package func resume() async {
        let recovered = state.withLock { state in
            defer { state.recovered = [] }
            return state.recovered
        }
        for rest in recovered {
            let control = ChangeControl()
            state.withLock { $0.controls[rest.job.change.number] = control }
            run { [self] in await carryOut(rest.job, rest.machine, rest.tasks, rest.ticket, control) }
        }
    }

    /// Ends: changes before their commit point are undone, the rest of others waits for the next start. Nothing new begins.
    package func shutDown() async {
        let controls = state.withLock { state in
            state.isEnding = true
            return Array(state.controls.values)
        }
        for control in controls { control.hostEnds() }
        for number in state.withLock({ Array($0.waiting.keys) }) {
            await endWaiting(
                number,
                because: Failure(.undone, "hostd ended before its turn", hint: "repeat the command")
            )
        }
        for rest in state.withLock({ $0.recovered }) { lanes.leave(rest.ticket) }
        while let run = state.withLock({ $0.runs.first?.value }) { await run.value }
    }

    // MARK: Steps

    /// - Returns: Whether the change has ended.
    private func recover(_ record: ChangeRecord, _ report: inout RecoveryReport) async -> Bool {
        let number = record.change.number
        let ticket = lanes.take(record.change.plugin)
        lanes.setNumber(number, of: ticket)
        guard let parameters = try? StoredJSON.decode(ChangeParameters.self, from: record.parameters) else {
            let problem = "change \(number) (\(record.change.summary)): its record cannot be read"
            report.unresolved.append(problem)
            block(record.change.plugin, ticket, Failure(.refused, problem))
            return false
        }
        var services = services
        services.runner = NothingRuns()
        var job = Job(services: services, change: record.change, parameters: parameters)
        job.isCommitted = record.isCommitted
        let tasks = tasks(of: job)
        let machine = ChangeMachine(
            tasks.map(\.nature),
            isCommitted: record.isCommitted,
            isUndoing: record.change.state == .undoing
        )
        if case .undoing = machine.state, job.change.failure == nil {
            job.change.failure = Failure(.undone, "hostd ended before it was done", hint: "repeat the command")
        }
        board.show(job.change)
        let executor = ChangeExecutor(board: board, control: ChangeControl(), tasks: tasks, isRecovering: true)
        switch await executor.run(job, machine) {
        case .ended(let change):
            lanes.leave(ticket)
            board.show(change)
            if change.state == .done { report.finished.append(change) } else { report.undone.append(change) }
            return true
        case .left(var job, let machine, nil):
            job = awaitingPlugins(job)
            let rest = Recovered(job: job, machine: machine, tasks: tasks, ticket: ticket)
            state.withLock { state in state.recovered.append(rest) }
            report.toObserve.append(number)
            return false
        case .left(_, _, let failure?):
            board.leave(number, because: failure)
            report.unresolved.append("change \(number): \(failure.message)")
            block(record.change.plugin, ticket, failure)
            return false
        }
    }

    private func block(_ plugin: String, _ ticket: PluginLanes.Ticket, _ failure: Failure) {
        state.withLock { state in state.blocked[plugin] = failure }
        lanes.leave(ticket)
    }

    /// The plugins' start takes up what the database says, so the new version is what runs. Whether the old one ran well
    /// nobody knows any more: the new one is held to it, for going back harms less than staying with what does not run.
    private func awaitingPlugins(_ job: Job) -> Job {
        var job = job
        job = Job(services: services, change: job.change, parameters: job.parameters)
        job.isCommitted = true
        job.isStopped = true
        job.isTakenUp = true
        job.hasRunWell = job.before.active != nil
        job.endWrites = [.noRepair(plugin: job.plugin)]
        return job
    }

    /// Removes everything from the staging directory and the trash that belongs to no open change.
    private func sweep(keeping open: Set<Int64>) async throws(Failure) -> Int {
        let layout = services.layout
        return try await FileWork.run { () throws(Failure) in
            var count = 0
            for directory in [layout.staging, layout.trash] {
                for name in try Files.names(in: directory) {
                    let number = Int64(name.prefix { $0.isASCII && $0.isNumber })
                    if let number, open.contains(number) { continue }
                    try Files.removeTree("\(directory)/\(name)")
                    count += 1
                }
            }
            return count
        }
    }
}
