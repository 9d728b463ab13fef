package import HostAPI
internal import Manifests
internal import Packages
internal import Store
internal import Synchronization

/// Installs, upgrades, takes back and uninstalls plugins. Each of these is a numbered change that is done whole or not
/// at all, whatever fails and whenever the power goes (design part 5).
///
/// There is one installer for a root directory. Before anything else it is asked to `recover()`.
package final class Installer: Sendable {
    let services: Configuration
    let board: ChangeBoard
    let lanes = PluginLanes()
    let state = Mutex(State())

    struct State {
        var controls: [Int64: ChangeControl] = [:]
        /// What goes on now; the key is not the number, for a change that waits may be over before its turn.
        var runs: [Int: Task<Void, Never>] = [:]
        var lastRun = 0
        /// Changes that wait for their turn.
        var waiting: [Int64: Job] = [:]
        /// Plugins of which a change is half undone, and what stands in its way: nothing may be built on that.
        var blocked: [String: Failure] = [:]
        /// What was left by the recovery until plugins run.
        var recovered: [Recovered] = []
        var isEnding = false
        var lastSight = 0
    }

    struct Recovered: Sendable {
        var job: Job
        var machine: ChangeMachine
        var tasks: [any InstallationTask]
        var ticket: PluginLanes.Ticket
    }

    package init(_ configuration: Configuration) {
        services = configuration
        board = ChangeBoard(progress: configuration.progress)
    }

    /// Begins a change, or tells what it would do. Does not wait for its end.
    ///
    /// - Parameters:
    ///   - request: What is wanted.
    ///   - author: Who wants it: `user`, `drop-in`, `home.yaml`, `link`, `reconcile`.
    /// - Returns: The change that has begun; without one if nothing needs to be done, and for a dry run.
    /// - Throws: `needs-consent` if the package asks for far-reaching permissions that nobody has agreed to yet, and
    ///   whatever else stands against it. Then nothing was changed.
    package func begin(_ request: ChangeRequest, author: String) async throws(Failure) -> ChangePlan {
        try refuseAtEnd()
        let sight = try await look(at: request)
        let plugin = try identity(of: request, sight: sight)
        var request = request
        request.plugin = plugin
        let planner = ChangePlanner(
            services: services,
            request: request,
            plugin: plugin,
            author: author,
            sight: sight
        )
        if request.isDryRun { return try await dryRun(planner) }
        let ticket = lanes.take(plugin)
        guard lanes.isFirst(ticket) else { return try await beginLater(planner, ticket) }
        do throws(Failure) {
            return try await beginNow(planner, ticket)
        } catch {
            lanes.leave(ticket)
            throw error
        }
    }

    /// Waits until the change is done or undone.
    ///
    /// - Parameter number: The change's number.
    /// - Returns: How it ended.
    /// - Throws: `not-found` if there is none of that number, `busy` if the rest of it waits for hostd's next start.
    package func wait(for number: Int64) async throws(Failure) -> Change {
        do {
            var last: Change?
            for try await change in try await watch(number) { last = change }
            if let last, last.state.isFinal { return last }
        } catch {
            throw Failure(error)
        }
        throw Failure(.cancelled, "change \(number) is not waited for any more")
    }

    // MARK: Beginning

    private func beginNow(_ planner: ChangePlanner, _ ticket: PluginLanes.Ticket) async throws(Failure) -> ChangePlan {
        switch try await decide(planner) {
        case .nothing(let summary):
            lanes.leave(ticket)
            return ChangePlan(summary: summary)
        case .commit(let planned, let writes, let message):
            let change = try await commit(planned, planner, writes, message: message)
            lanes.leave(ticket)
            return ChangePlan(change: change, summary: planned.summary)
        case .tasks(let planned):
            var job = job(planned, planner, state: .doing)
            let record = try stored(job)
            job.change.number = try await store { database throws(StoreError) in try database.begin(record) }
            board.show(job.change)
            start(job, ticket)
            return ChangePlan(change: job.change, summary: planned.summary, permissions: planned.permissions)
        }
    }

    /// Another change of the plugin is under way: this one has a number, and waits for its turn.
    private func beginLater(_ planner: ChangePlanner, _ ticket: PluginLanes.Ticket) async throws(Failure) -> ChangePlan
    {
        let ahead = lanes.current(planner.plugin).map { "change \($0)" } ?? "another change"
        let planned = PlannedChange(
            summary: "\(planner.request.kind.rawValue) \(planner.plugin)",
            parameters: ChangeParameters(request: planner.request, before: PluginFacts(plugin: planner.plugin))
        )
        var job = job(planned, planner, state: .waiting)
        job.change.message = "waits for \(ahead) of \(planner.plugin)"
        do throws(Failure) {
            let record = try stored(job)
            job.change.number = try await store { database throws(StoreError) in try database.begin(record) }
        } catch {
            lanes.leave(ticket)
            throw error
        }
        lanes.setNumber(job.number, of: ticket)
        board.show(job.change)
        let control = ChangeControl()
        state.withLock { [job] state in
            state.controls[job.number] = control
            state.waiting[job.number] = job
        }
        run { [self, number = job.number] in
            await lanes.turn(ticket)
            // It may have been ended before its turn.
            if let job = takeWaiting(number) {
                await takeTurn(job, planner, ticket, control)
            } else {
                lanes.leave(ticket)
            }
        }
        return ChangePlan(change: job.change, summary: planned.summary)
    }

    private func takeTurn(
        _ waiting: Job,
        _ planner: ChangePlanner,
        _ ticket: PluginLanes.Ticket,
        _ control: ChangeControl
    ) async {
        var job = waiting
        do {
            switch try await decide(planner) {
            case .nothing(let summary): await endEarly(job, as: .done, message: summary)
            case .commit(let planned, let writes, let message):
                job.change.summary = planned.summary
                await endEarly(job, as: .done, message: message, writes: writes)
            case .tasks(let planned):
                job.change.summary = planned.summary
                job.change.state = .doing
                job.parameters = planned.parameters
                job.change.tasks = titles(job)
                let record = try stored(job)
                try await job.commit([.change(record)])
                await carryOut(job, ticket, control)
                return
            }
        } catch {
            job.change.failure = Failure(error)
            await endEarly(job, as: .undone, message: job.undoneMessage)
        }
        lanes.leave(ticket)
    }

    private func takeWaiting(_ number: Int64) -> Job? {
        state.withLock { state in state.waiting.removeValue(forKey: number) }
    }

    /// Ends a change that waits, before its turn; does nothing if its turn has come.
    func endWaiting(_ number: Int64, because failure: Failure) async {
        guard var job = takeWaiting(number) else { return }
        job.change.failure = failure
        await endEarly(job, as: .undone, message: job.undoneMessage)
    }

    /// A change that needs no tasks ends in one commit.
    private func endEarly(_ job: Job, as end: ChangeState, message: String, writes: [StateWrite] = []) async {
        var job = job
        job.change.state = end
        job.change.message = message
        job.change.ended = services.now()
        do {
            try await job.commit(writes + [.change(try job.record())])
        } catch {
            job.change.state = .undone
            job.change.failure = Failure(error)
        }
        forget(job.number)
        board.show(job.change)
    }

    private func commit(
        _ planned: PlannedChange,
        _ planner: ChangePlanner,
        _ writes: [StateWrite],
        message: String
    ) async throws(Failure) -> Change {
        var job = job(planned, planner, state: .done)
        job.change.message = message
        job.change.ended = job.change.created
        job.isCommitted = true
        let record = try stored(job)
        job.change.number = try await store { database throws(StoreError) in
            try database.begin(record, with: { _ in writes })
        }
        services.progress(job.change)
        return job.change
    }

    private func decide(_ planner: ChangePlanner) async throws(Failure) -> ChangeDecision {
        if let failure = state.withLock({ $0.blocked[planner.plugin] }) { throw failure }
        return try await planner.decide()
    }

    private func dryRun(_ planner: ChangePlanner) async throws(Failure) -> ChangePlan {
        switch try await decide(planner) {
        case .nothing(let summary): return ChangePlan(summary: summary)
        case .commit(let planned, _, _): return ChangePlan(summary: planned.summary, steps: [planned.summary])
        case .tasks(let planned):
            return ChangePlan(
                summary: planned.summary,
                steps: titles(job(planned, planner, state: .doing)).map(\.title),
                permissions: planned.permissions
            )
        }
    }
}
