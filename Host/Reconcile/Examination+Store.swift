import HostAPI

extension Examination {
    /// What is installed, against what shall be and what runs.
    mutating func examineStore() {
        guard let desired else { return examineUnwanted() }
        if !isInStore {
            examineMissing(desired)
        } else if let damage = observed.damage {
            noteDamage(damage)
        } else {
            examineWantedVersion(desired)
            examineWorkerCode(desired)
        }
    }

    /// A plugin that is not wanted should have nothing in the store.
    private mutating func examineUnwanted() {
        guard !observed.directories.isEmpty else { return }
        if let damage = observed.damage { return noteDamage(damage) }
        let current = "in the store: \(observed.directories.joined(separator: ", "))"
        if facts.isTombstoned {
            find(
                .notDesired,
                "\(id) was uninstalled, and something of it is still in the store",
                current: current,
                expected: "nothing in the store",
                .person("\"hostctl install \(id)\" brings it back; else remove store/\(id)")
            )
        } else {
            find(
                .notDesired,
                "\(id) is in the store, and nobody has asked for it: it is taken up as disabled",
                current: current,
                expected: "installed and disabled",
                .step(.adopt)
            )
        }
    }

    private mutating func noteDamage(_ damage: String) {
        find(
            .recordCorrupt,
            "what is installed of \(id) is damaged: \(damage.withoutPeriod)",
            current: "damaged",
            expected: "whole",
            .person("it is left as it is; \"hostctl install \(id)\" brings in a whole copy")
        )
    }

    private mutating func examineMissing(_ desired: DesiredState) {
        let version = desired.wantedVersion ?? desired.active?.version
        let name = version.map { "\(id) \($0)" } ?? id
        let remedy: Remedy
        if facts.isTombstoned {
            remedy = .person("it was uninstalled and does not come back by itself; type \"hostctl install \(id)\"")
        } else if let link = desired.link {
            remedy = .person("it follows a directory of yours; type \"hostctl link \(link)\"")
        } else {
            remedy = installing(version)
        }
        find(
            .notInStore,
            "\(name) shall be installed and is not in the store",
            current: "not in the store",
            expected: version ?? "installed",
            remedy
        )
    }

    private func installing(_ version: String?) -> Remedy {
        guard let unrecoverable else { return .step(.install(version: version)) }
        let retry = "\"hostctl reconcile --force \(id)\" asks the registry again"
        return .person("\(unrecoverable.withoutPeriod); \(retry), \"hostctl uninstall \(id)\" gives it up")
    }

    private mutating func examineWantedVersion(_ desired: DesiredState) {
        guard let wanted = desired.wantedVersion, let active = desired.active, wanted != active.version,
            desired.link == nil
        else { return }
        let remedy =
            desired.isPinned
            ? Remedy.person("it is pinned; \"hostctl install \(id) --version \(wanted)\" replaces it all the same")
            : installing(wanted)
        find(
            .versionDiffers,
            "version \(wanted) of \(id) is wanted and \(active.version) is installed",
            current: active.version,
            expected: wanted,
            remedy
        )
    }

    /// A worker whose code is not what is installed now.
    private mutating func examineWorkerCode(_ desired: DesiredState) {
        guard let worker = observed.worker, let active = desired.active else { return }
        if worker.directory != active.directory || worker.codeHash != active.codeHash {
            let isRebuilt = worker.directory == active.directory
            find(
                .versionDiffers,
                "\(id) runs other code than what is installed",
                current: isRebuilt ? "code \(worker.codeHash.prefix(12))" : worker.directory,
                expected: isRebuilt ? "code \(active.codeHash.prefix(12))" : active.directory,
                exchanging(worker)
            )
        } else if worker.isolation != desired.isolation {
            find(
                .runningDiffers,
                "\(id) runs \(worker.isolation.place) and shall run \(desired.isolation.place)",
                current: worker.isolation.place,
                expected: desired.isolation.place,
                exchanging(worker)
            )
        }
    }

    private func exchanging(_ worker: WorkerReport) -> Remedy {
        switch worker.isolation {
        case .worker: .step(.takeUp)
        case .host: .person("hostd has loaded the code itself and cannot exchange it: start hostd anew")
        }
    }
}

extension Isolation {
    fileprivate var place: String {
        switch self {
        case .worker: "in a worker"
        case .host: "inside hostd"
        }
    }
}
