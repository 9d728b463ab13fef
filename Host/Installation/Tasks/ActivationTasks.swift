internal import HostAPI
internal import Store

/// The commit point: from here on the new version is the plugin's.
struct ActivateTask: InstallationTask {
    let name = "commit"
    let nature = ChangeMachine.Nature.commitPoint

    func title(_ job: Job) -> String { "make \(job.parameters.target?.version ?? "it") the active version" }

    func `do`(_ job: inout Job) async throws {
        let target = try job.target()
        var committed = job
        committed.isCommitted = true
        var writes: [StateWrite] = [
            .version(target), .noTombstone(plugin: job.plugin), .change(try committed.record()),
        ]
        if let after = job.parameters.after {
            // What lies in the store and nobody asked for is taken up switched off.
            let isEnabled = job.change.kind != .adopt
            writes.append(.installation(after, plugin: job.plugin, isEnabledIfNew: isEnabled))
        }
        if job.isProbed { writes.append(.probed(hash: target.codeHash, plugin: job.plugin)) }
        try await job.commit(writes)
        job.isCommitted = true
        job.endWrites.append(.noRepair(plugin: job.plugin))
    }

    func undo(_ job: inout Job) async throws {
        try await job.restoreRows()
        guard job.isStopped else { return }
        job.isStopped = false
        _ = try await job.services.runner.takeUp(job.plugin)
    }
}

extension Job {
    /// The commit's inverse, one commit too. Does nothing before the commit point.
    mutating func restoreRows() async throws {
        guard isCommitted else { return }
        var restored = self
        restored.isCommitted = false
        restored.change.state = .undoing
        try await commit(before.restoring(without: parameters.target) + [.change(try restored.record())])
        isCommitted = false
    }
}

/// Ends the old version's worker and starts the new one: two cannot hold one port or one session.
struct SwitchTask: InstallationTask {
    let name = "switch"
    let nature = ChangeMachine.Nature.carryingOut

    func title(_ job: Job) -> String {
        job.before.active == nil ? "start it" : "stop \(job.before.active?.version ?? "") and start the new version"
    }

    func `do`(_ job: inout Job) async throws {
        if job.before.active != nil { job.hasRunWell = try await job.services.runner.stop(job.plugin) }
        job.isStopped = true
        job.isTakenUp = true
        job.needsHostRestart = try await job.services.runner.takeUp(job.plugin) == .needsHostRestart
    }

    func undo(_ job: inout Job) async throws {
        guard job.isTakenUp else { return }
        _ = try await job.services.runner.stop(job.plugin)
        job.isTakenUp = false
    }
}

/// Watches whether the new version runs. Only one that replaces a version that ran well is held to it: anything else
/// would take away the user's plugin for what may be wrong with its settings.
struct ObserveTask: InstallationTask {
    let name = "observe"
    let nature = ChangeMachine.Nature.watching
    let progress: @Sendable (ChangeTask.Progress) -> Void

    func title(_ job: Job) -> String { "watch whether it runs" }

    func `do`(_ job: inout Job) async throws {
        guard !job.needsHostRestart else {
            job.remarks.append("hostd itself has the old code loaded: the new one runs once hostd is started again")
            return
        }
        do {
            let window = job.hasRunWell ? job.services.healthWindow : .zero
            let ticker = showTime(of: window)
            defer { ticker.cancel() }
            try await job.services.runner.observe(job.plugin, for: window)
            ticker.cancel()
            await ticker.value
        } catch {
            let failure = Failure(error)
            guard !job.hasRunWell, failure.code != .cancelled, !Task.isCancelled else {
                throw Failure(.undone, failure.message, hint: failure.hint)
            }
            job.remarks.append("it is not well: \(failure.message.withoutPeriod)")
        }
    }

    /// Shows how much of the window is over, a few times a second.
    private func showTime(of window: Duration) -> Task<Void, Never> {
        Task {
            let begun = ContinuousClock.now
            while window > .zero, !Task.isCancelled {
                let elapsed = min(ContinuousClock.now - begun, window)
                progress(
                    ChangeTask.Progress(done: elapsed.milliseconds, total: window.milliseconds, unit: "milliseconds")
                )
                try? await Task.sleep(for: .milliseconds(250))
            }
        }
    }
}

/// Removes what is neither the active nor the previous version, and what the change needed on its way.
struct RetireTask: InstallationTask {
    let name = "retire"
    let nature = ChangeMachine.Nature.tidying

    func title(_ job: Job) -> String { "remove what is no longer needed" }

    func `do`(_ job: inout Job) async throws {
        let kept = [job.parameters.after?.active, job.parameters.after?.previous]
        let old = (job.before.versions + [job.parameters.target].compactMap { $0 })
            .filter { !kept.contains($0.directory) }
        let (layout, number, plugin) = (job.layout, job.number, job.plugin)
        try await FileWork.run { () throws(Failure) in
            // A crash from here on finishes the change: the new version was watched.
            try Files.removeFile(layout.placement(of: number))
            for version in old {
                let directory = layout.directory(of: version)
                guard Files.exists(directory) else { continue }
                try Files.makeDirectory(layout.trash)
                let aside = layout.trash(of: number, plugin, version.directory)
                try Files.removeTree(aside)
                try Files.move(directory, to: aside)
            }
        }
        job.endWrites += old.map { .noVersion(plugin: plugin, directory: $0.directory) }
        try await FileWork.run { () throws(Failure) in
            try Files.removeTree(layout.staging(of: number))
            try Files.emptyTrash(layout, of: number)
        }
    }
}

extension Files {
    /// Removes what the change has put into the trash.
    static func emptyTrash(_ layout: InstallationLayout, of change: Int64) throws(Failure) {
        for name in try names(in: layout.trash) where name.hasPrefix("\(change)-") {
            try removeTree("\(layout.trash)/\(name)")
        }
    }
}
