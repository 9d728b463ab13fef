internal import HostAPI
internal import Synchronization

/// The tasks of each kind of change, in the order in which they are done.
enum ChangeTasks {
    static func tasks(
        of kind: ChangeKind,
        parameters: ChangeParameters,
        progress: @escaping @Sendable (ChangeTask.Progress) -> Void = { _ in }
    ) -> [any InstallationTask] {
        switch kind {
        case .install, .upgrade, .link:
            let fetch: [any InstallationTask] = parameters.request.source == nil ? [FetchTask(progress: progress)] : []
            return fetch + [
                UnpackTask(progress: progress), VerifyTask(), SyncTask(), ProbeTask(), PlaceTask(), ActivateTask(),
                SwitchTask(), ObserveTask(progress: progress), RetireTask(),
            ]
        case .rollback: return [ActivateTask(), SwitchTask(), ObserveTask(progress: progress), RetireTask()]
        case .adopt: return [ActivateTask(), SwitchTask()]
        case .uninstall:
            let purge: [any InstallationTask] = parameters.request.isPurge ? [PurgeTask()] : []
            return [ForgetTask(), StopTask(), RemoveTask()] + purge + [SweepTask()]
        default: return []
        }
    }
}

/// Told from outside that work shall stop; asked from inside it.
final class CancellationFlag: Sendable {
    private let flag = Atomic(false)

    var isCancelled: Bool { flag.load(ordering: .relaxed) }

    func cancel() { flag.store(true, ordering: .relaxed) }
}
