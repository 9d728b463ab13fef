internal import HostAPI
internal import Store

/// The commit point of an uninstallation: the plugin is not wanted any more, and a tombstone says so.
struct ForgetTask: InstallationTask {
    let name = "commit"
    let nature = ChangeMachine.Nature.commitPoint

    func title(_ job: Job) -> String { "forget that \(job.plugin) is wanted" }

    func `do`(_ job: inout Job) async throws {
        let (plugin, now) = (job.plugin, job.services.now())
        var committed = job
        committed.isCommitted = true
        let tombstone = Tombstone(
            plugin: plugin,
            // What was uninstalled before and is purged now has been gone since then.
            since: job.before.installation?.isWanted == true ? now : job.before.tombstone?.since ?? now,
            change: job.number,
            keptUntil: job.parameters.request.isPurge ? nil : now + job.services.keptFor
        )
        let ignored = job.parameters.copies.map { copy in
            var copy = copy
            copy.state = .ignored
            copy.message = "\(plugin) was uninstalled while this copy lay here"
            return StateWrite.dropIn(copy)
        }
        try await job.commit(
            job.before.versions.map { .noVersion(plugin: plugin, directory: $0.directory) } + ignored + [
                .installation(InstallationState(isWanted: false), plugin: plugin, isEnabledIfNew: true),
                .tombstone(tombstone), .change(try committed.record()),
            ]
        )
        job.isCommitted = true
        job.endWrites.append(.noRepair(plugin: plugin))
    }

    func undo(_ job: inout Job) async throws {
        guard job.isCommitted else { return }
        var restored = job
        restored.isCommitted = false
        restored.change.state = .undoing
        let known = job.parameters.knownCopies
        let copies = job.parameters.copies.map { copy in
            known.first { $0.name == copy.name }.map(StateWrite.dropIn) ?? .noDropIn(name: copy.name)
        }
        try await job.commit(job.before.restoring(without: nil) + copies + [.change(try restored.record())])
        job.isCommitted = false
        // What could not be stopped still runs, and is not started a second time.
        guard job.isStopped, job.hasRunWell || job.isTakenUp else { return }
        job.isStopped = false
        job.isTakenUp = false
        _ = try await job.services.runner.takeUp(job.plugin)
    }
}

/// Ends the worker.
struct StopTask: InstallationTask {
    let name = "stop"
    let nature = ChangeMachine.Nature.carryingOut

    func title(_ job: Job) -> String { "stop it" }

    func `do`(_ job: inout Job) async throws {
        job.hasRunWell = try await job.services.runner.stop(job.plugin)
        job.isStopped = true
    }
}

/// Renames the plugin's directories out of the way, and tells whoever runs it that there is none any more.
struct RemoveTask: InstallationTask {
    let name = "remove"
    let nature = ChangeMachine.Nature.carryingOut

    func title(_ job: Job) -> String {
        job.parameters.request.isPurge ? "remove its files and data" : "remove its files"
    }

    func `do`(_ job: inout Job) async throws {
        let (moves, trash) = (moves(job), job.layout.trash)
        try await FileWork.run { () throws(Failure) in
            try Files.makeDirectory(trash)
            for (path, aside) in moves where Files.exists(path) {
                try Files.removeTree(aside)
                try Files.move(path, to: aside)
            }
        }
        let state = try await job.services.runner.takeUp(job.plugin)
        job.isTakenUp = true
        if state == .needsHostRestart {
            job.remarks.append("hostd itself still has its code loaded until it is started anew")
        }
    }

    func undo(_ job: inout Job) async throws {
        let moves = moves(job)
        try await FileWork.run { () throws(Failure) in
            for (path, aside) in moves { try Files.moveBack(aside, to: path) }
        }
    }

    private func moves(_ job: Job) -> [(path: String, aside: String)] {
        let (layout, number, plugin) = (job.layout, job.number, job.plugin)
        let code = (layout.store(of: plugin), layout.trash(of: number, plugin, "store"))
        let data = (layout.data(of: plugin), layout.trash(of: number, plugin, "data"))
        return job.parameters.request.isPurge ? [code, data] : [code]
    }
}

/// Deletes for good what was stored for the plugin. What fails after it is left-overs, and swept at the next start.
struct PurgeTask: InstallationTask {
    let name = "purge"
    let nature = ChangeMachine.Nature.carryingOut

    func title(_ job: Job) -> String { "delete its settings and state" }

    func `do`(_ job: inout Job) async throws {
        try await job.commit([.purge(plugin: job.plugin)])
    }
}

/// Empties the trash.
struct SweepTask: InstallationTask {
    let name = "sweep"
    let nature = ChangeMachine.Nature.tidying

    func title(_ job: Job) -> String { "empty the trash" }

    func `do`(_ job: inout Job) async throws {
        let (layout, number) = (job.layout, job.number)
        try await FileWork.run { () throws(Failure) in try Files.emptyTrash(layout, of: number) }
    }
}
