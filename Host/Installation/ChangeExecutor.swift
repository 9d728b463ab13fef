internal import HostAPI
internal import Store

/// Carries one change out: does and undoes its tasks as the state machine says, and shows how far it is.
struct ChangeExecutor {
    let board: ChangeBoard
    let control: ChangeControl
    let tasks: [any InstallationTask]
    /// At the host's start: stop before the task that watches, until plugins run.
    var isRecovering = false

    enum Outcome: Sendable {
        case ended(Change)
        /// The rest waits for the plugins, or for the host's next start; with what is in the way, if something is.
        case left(Job, ChangeMachine, Failure?)
    }

    func run(_ start: Job, _ machine: ChangeMachine) async -> Outcome {
        var (job, machine) = (start, machine)
        while true {
            switch machine.state {
            case .doing(let index):
                if isRecovering, tasks[index].nature == .watching, await mustWatch(job) {
                    return .left(job, machine, nil)
                }
                await doTask(index, &job, &machine)
            case .undoing(let index): await undoTask(index, &job, &machine)
            case .done, .undone: return await end(&job, isDone: machine.state == .done)
            case .left:
                control.close()
                return .left(job, machine, job.change.failure)
            }
        }
    }

    // MARK: Doing

    private func doTask(_ index: Int, _ job: inout Job, _ machine: inout ChangeMachine) async {
        let task = tasks[index]
        if let interruption = control.enter(task.nature) {
            interrupt(interruption, &job, &machine)
            return
        }
        mark(index, "doing", &job)
        let (after, failure) = await attempt(task, job)
        job = after
        guard let failure else {
            mark(index, "done", &job)
            machine.handle(.taskDone)
            return
        }
        mark(index, "failed", &job)
        if let interruption = control.interruption, ChangeMachine.canAbort(task.nature) {
            interrupt(interruption, &job, &machine)
        } else if task.nature == .tidying {
            job.remarks.append("some files are left, to be swept at hostd's next start: \(failure.message)")
            machine.handle(.taskFailed)
        } else {
            job.change.failure = failure
            machine.handle(.taskFailed)
        }
    }

    /// In a task of its own, so that it can be cancelled and what undoes it cannot.
    private func attempt(_ task: any InstallationTask, _ job: Job) async -> (Job, Failure?) {
        let work = Task {
            var job = job
            do {
                try await checkpoint(task.name, .beforeDoing, job)
                try await task.do(&job)
                try await checkpoint(task.name, .afterDoing, job)
                return (job, Failure?.none)
            } catch {
                return (job, Failure(error))
            }
        }
        control.setCancel { work.cancel() }
        return await work.value
    }

    private func interrupt(
        _ interruption: ChangeControl.Interruption,
        _ job: inout Job,
        _ machine: inout ChangeMachine
    ) {
        switch interruption {
        case .abort(let failure):
            job.change.failure = failure
            machine.handle(.aborted)
        case .hostEnds:
            machine.handle(.hostEnds)
            if machine.state != .left {
                job.change.failure = Failure(.undone, "hostd ended before it was done", hint: "repeat the command")
            }
        }
    }

    private func mustWatch(_ job: Job) async -> Bool {
        // The tidying that follows it takes the marker away first; a rollback places nothing, and can be watched again.
        let marker = job.layout.placement(of: job.number)
        // What had been in the store before was not placed, and left no marker.
        let wasThere = job.parameters.target.map { job.before.versions.contains($0) } ?? false
        return await FileWork.run { Files.exists(marker) } || job.change.kind == .rollback || wasThere
    }

    // MARK: Undoing

    private func undoTask(_ index: Int, _ job: inout Job, _ machine: inout ChangeMachine) async {
        control.close()
        let task = tasks[index]
        let wasBegun = job.change.tasks.indices.contains(index) && job.change.tasks[index].state != "waiting"
        job.change.state = .undoing
        do {
            try await checkpoint(task.name, .beforeUndoing, job)
            try await task.undo(&job)
            try await checkpoint(task.name, .afterUndoing, job)
            // The one that failed still says so: that is where to look.
            let hasFailed = job.change.tasks.indices.contains(index) && job.change.tasks[index].state == "failed"
            if wasBegun || isRecovering, !hasFailed { mark(index, "undone", &job) }
            machine.handle(.taskDone)
        } catch {
            let failure = Failure(error)
            job.change.failure = Failure(
                failure.code,
                "\(job.change.summary): it failed, and could not be undone: \(failure.message)",
                hint: "mend that, then start hostd again: it undoes the rest first"
            )
            machine.handle(.taskFailed)
        }
    }

    // MARK: The end

    private func end(_ job: inout Job, isDone: Bool) async -> Outcome {
        control.close()
        job.change.state = isDone ? .done : .undone
        job.change.ended = job.services.now()
        job.change.message = isDone ? job.successMessage : job.undoneMessage
        if isDone { job.change.failure = nil }
        do {
            try await checkpoint("", .beforeEnding, job)
            try await job.commit((isDone ? job.endWrites : []) + [.change(try job.record())])
        } catch {
            // Everything is as the change says; the next start finds nothing left to do and stores that.
            job.change.message += " (this could not be stored: \(Failure(error).message))"
        }
        return .ended(job.change)
    }

    // MARK: Showing

    private func mark(_ index: Int, _ state: String, _ job: inout Job) {
        guard job.change.tasks.indices.contains(index) else { return }
        job.change.tasks[index].state = state
        job.change.tasks[index].title = tasks[index].title(job)
        if state == "doing" { job.change.message = tasks[index].title(job) }
        board.show(job.change)
    }

    private func checkpoint(_ task: String, _ moment: Installer.Checkpoint.Moment, _ job: Job) async throws {
        try await job.services.checkpoint(Installer.Checkpoint(change: job.number, task: task, moment: moment))
    }
}
