internal import HostAPI
internal import Manifests
internal import Packages
internal import Store
internal import Synchronization

extension Installer {
    func job(_ planned: PlannedChange, _ planner: ChangePlanner, state: ChangeState) -> Job {
        var job = Job(
            services: services,
            change: Change(
                number: 0,
                kind: planner.request.kind,
                plugin: planner.plugin,
                summary: planned.summary,
                author: planner.author,
                state: state,
                created: services.now()
            ),
            parameters: planned.parameters
        )
        job.change.tasks = state == .waiting ? [] : titles(job)
        return job
    }

    /// The change's tasks as they are shown before they begin.
    func titles(_ job: Job) -> [ChangeTask] {
        ChangeTasks.tasks(of: job.change.kind, parameters: job.parameters).map { task in
            ChangeTask(name: task.name, title: task.title(job))
        }
    }

    /// Runs the change from its first task on, without waiting.
    func start(_ job: Job, _ ticket: PluginLanes.Ticket) {
        lanes.setNumber(job.number, of: ticket)
        let control = ChangeControl()
        state.withLock { $0.controls[job.change.number] = control }
        run { [self] in await carryOut(job, ticket, control) }
    }

    func carryOut(_ job: Job, _ ticket: PluginLanes.Ticket, _ control: ChangeControl) async {
        let tasks = tasks(of: job)
        await carryOut(job, ChangeMachine(tasks.map(\.nature)), tasks, ticket, control)
    }

    func carryOut(
        _ job: Job,
        _ machine: ChangeMachine,
        _ tasks: [any InstallationTask],
        _ ticket: PluginLanes.Ticket,
        _ control: ChangeControl
    ) async {
        let executor = ChangeExecutor(board: board, control: control, tasks: tasks)
        switch await executor.run(job, machine) {
        case .ended(let change):
            forget(change.number)
            // Before it is shown: whoever waits for the end may begin the next one.
            lanes.leave(ticket)
            board.show(change)
        case .left(let job, _, let failure):
            let failure = failure ?? Failure(.busy, "change \(job.number) goes on at hostd's next start")
            state.withLock { state in state.blocked[job.plugin] = failure }
            forget(job.number)
            lanes.leave(ticket)
            board.leave(job.number, because: failure)
        }
    }

    func tasks(of job: Job) -> [any InstallationTask] {
        ChangeTasks.tasks(of: job.change.kind, parameters: job.parameters) { [board, number = job.number] progress in
            board.report(progress, of: number)
        }
    }

    /// Lets something go on that the host's end waits for.
    func run(_ body: @escaping @Sendable () async -> Void) {
        let key = state.withLock { state in
            state.lastRun += 1
            return state.lastRun
        }
        let task = Task {
            await body()
            state.withLock { state in _ = state.runs.removeValue(forKey: key) }
        }
        state.withLock { state in state.runs[key] = task }
    }

    func forget(_ number: Int64) {
        state.withLock { state in _ = state.controls.removeValue(forKey: number) }
    }

    func refuseAtEnd() throws(Failure) {
        guard state.withLock(\.isEnding) else { return }
        throw Failure(.busy, "hostd is ending", hint: "repeat the command once it runs again")
    }

    // MARK: Looking

    /// What lies at the request's source, if it names one.
    func look(at request: ChangeRequest) async throws(Failure) -> PackageSight? {
        guard [.install, .upgrade, .link].contains(request.kind), let source = request.source else { return nil }
        guard source.hasPrefix("/") else {
            throw Failure(.invalidArgument, "\(source.excerpt) is not an absolute path", hint: "begin it with a slash")
        }
        let number = state.withLock { state in
            state.lastSight += 1
            return state.lastSight
        }
        let (staging, scratch) = (services.layout.staging, "\(services.layout.staging)/look-\(number)")
        return try await FileWork.run { () throws(Failure) in
            try Files.makeDirectory(staging)
            return try PackageSight.look(at: source, scratch: scratch)
        }
    }

    /// The plugin's id: what was asked for, and what the package says, which have to agree.
    func identity(of request: ChangeRequest, sight: PackageSight?) throws(Failure) -> String {
        guard let asked = request.plugin ?? sight?.manifest.id.text else {
            throw Failure(.invalidArgument, "\(request.kind.rawValue) needs to know which plugin", hint: "name its id")
        }
        guard let id = PluginID(asked) else {
            throw Failure(
                .invalidArgument,
                "\"\(asked.excerpt)\" is not a plugin's id",
                hint: "a lower-case letter, then 1 to 30 lower-case letters, digits or hyphens"
            )
        }
        if request.kind == .link, request.source == nil {
            throw Failure(.invalidArgument, "link needs a directory", hint: "`hostctl link DIRECTORY`")
        }
        return id.text
    }

    // MARK: The database

    func stored(_ job: Job) throws(Failure) -> ChangeRecord {
        do { return try job.record() } catch { throw Failure(error) }
    }

    func store<Value: Sendable>(
        _ body: @escaping @Sendable (StateDatabase) throws(StoreError) -> Value
    ) async throws(Failure) -> Value {
        do throws(StoreError) { return try await services.ledger.perform(body) } catch { throw error.failure }
    }
}
