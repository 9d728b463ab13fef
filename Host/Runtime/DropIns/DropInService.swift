import DropIn
import HostAPI
import Installation
import Logging
import Manifests
import Packages
import Store
import Synchronization

/// Installs what is dropped into `plugins.d`, once it is whole. What is to be done with a copy is decided by
/// `DropInPolicy`; this looks, carries out, remembers and shows.
final class DropInService: Sendable {
    let services: PluginServices
    let fleet: PluginFleet
    private let installer: Installer
    private let directory: String
    let logger: Logger
    private let watch = Mutex<DropInWatch?>(nil)
    /// News in their order; copies of one piece of news are handled side by side.
    private let gate = OperationGate()
    private let underWay = Mutex(0)
    /// What lay there at the start has been dealt with.
    let firstLook = OneTimeEvent()
    /// What each name in plugins.d is shown as, so that it can be taken away again.
    let shown = Mutex<[String: Set<String>]>([:])

    init(services: PluginServices, fleet: PluginFleet, installer: Installer, logger: Logger) {
        self.services = services
        self.fleet = fleet
        self.installer = installer
        self.logger = logger
        directory = services.layout.installation.dropIns
    }

    /// How many copies are being looked at or installed.
    var count: Int { underWay.withLock { $0 } }

    func begin() {
        do throws(Failure) {
            let begun = try DropInWatch(directory) { [weak self] news in
                guard let self else { return }
                underWay.withLock { $0 += news.due.count }
                if let problem = news.problem { raise(problem) } else { services.alerts.clear("host", "plugins.d") }
                Task { await self.handle(news) }
            }
            watch.withLock { $0 = begun }
        } catch {
            raise(error)
            firstLook.happen()
        }
    }

    func end() {
        watch.withLock { watch in
            watch?.stop()
            watch = nil
        }
    }

    func lookAtEverything() {
        watch.withLock { $0?.lookAtEverything() }
    }

    /// Tries once more what failed: of one plugin, or of all. Returns when that is done.
    func tryAgain(plugin: String? = nil) async {
        let rows = (try? await services.dropIns()) ?? []
        let failed = rows.filter { $0.state == .failed && (plugin == nil || $0.plugin == plugin) }
        guard !failed.isEmpty else { return }
        try? await services.ask { database throws(StoreError) in
            try database.commit(failed.map { .noDropIn(name: $0.name) }, task: "try what was dropped in once more")
        }
        underWay.withLock { $0 += failed.count }
        await handle(DropInNews(due: failed.map { Settling.Due(name: $0.name, matter: .look(isLast: true)) }))
    }

    /// What was dropped in and cannot be installed, as findings of a pass.
    func failures() async throws(Failure) -> [Finding] {
        try await services.dropIns().filter { $0.state == .failed }.map { row in
            Finding(
                plugin: row.plugin,
                kind: "not-in-store",
                description: "plugins.d/\(row.name) could not be installed",
                action: "manual",
                current: "not installed",
                expected: row.version,
                result: row.message,
                outcome: "failed"
            )
        }
    }

    /// A change that was not begun here is over: what waited for it, or stood against it, is judged anew.
    func changed(_ change: Change) async {
        guard change.author != "drop-in", change.state == .done else { return }
        let rows = ((try? await services.dropIns()) ?? []).filter {
            $0.plugin == change.plugin && $0.state != .installed
        }
        guard !rows.isEmpty else { return }
        underWay.withLock { $0 += rows.count }
        await handle(DropInNews(due: rows.map { Settling.Due(name: $0.name, matter: .look(isLast: true)) }))
    }

    /// The copies of a plugin that lie there now, as an uninstallation has to know them: also those that nobody has looked
    /// at yet.
    func copies(of plugin: String) async -> [DropInRecord] {
        var records: [DropInRecord] = []
        let known = (try? await services.dropIns()) ?? []
        for entry in (try? DropInScan.entries(in: directory)) ?? [] {
            if var record = known.first(where: { $0.name == entry.name }),
                record.isStill(at: "\(directory)/\(entry.name)")
            {
                guard record.plugin == plugin else { continue }
                record.state = .ignored
                record.message = "\(plugin) was uninstalled while it lay there"
                records.append(record)
                continue
            }
            guard let copy = await DropInLook.finding(entry.name, in: directory, isLast: true, services)?.copy,
                case .package(let id, let version, _) = copy.content, id.text == plugin
            else { continue }
            let row = DropInRow(
                name: copy.name,
                identity: copy.identity,
                plugin: plugin,
                version: version.description,
                state: .ignored,
                message: "\(plugin) was uninstalled while it lay there"
            )
            records.append(DropInRecord(row, seen: services.clock()))
        }
        return records
    }

    // MARK: News

    private func handle(_ news: DropInNews) async {
        let installations = await judge(news)
        // Side by side with whatever comes next: one may wait for a window of time to be over.
        await withTaskGroup { group in
            for installation in installations { group.addTask { await self.carryOut(installation) } }
        }
        for due in news.due where due.matter == .vanished { await vanished(due.name) }
        underWay.withLock { $0 -= news.due.count }
        firstLook.happen()
    }

    /// Looks at what there is news of and decides, one piece of news after the other.
    private func judge(_ news: DropInNews) async -> [DropInRecord] {
        await gate.enter()
        defer { gate.leave() }
        do throws(Failure) {
            if news.isAtStart { try await forgetVanished(besides: Set(news.due.map(\.name))) }
            let findings = await look(news)
            let rows = try await services.dropIns()
            var installations: [DropInRecord] = []
            for (due, finding) in findings {
                let rivals = news.isAtStart ? rivals(of: finding.copy, among: findings.map(\.1.copy), rows) : []
                let record = try await judge(finding, due, isAtStart: news.isAtStart, rows, rivals)
                if let record { installations.append(record) }
            }
            return installations
        } catch {
            raise(error)
            return []
        }
    }

    private func raise(_ failure: Failure) {
        services.alerts.raise(
            "host",
            "plugins.d",
            .error,
            title: "What is dropped into plugins.d may go unnoticed",
            detail: failure.description
        )
    }

    private func look(_ news: DropInNews) async -> [(Settling.Due, DropInFinding)] {
        var findings: [(Settling.Due, DropInFinding)] = []
        for due in news.due {
            guard case .look(let isLast) = due.matter else { continue }
            // What lies there at the start is not being copied just now: what is missing is told at once.
            let finding = await DropInLook.finding(due.name, in: directory, isLast: isLast || news.isAtStart, services)
            let isWhole = finding.map { $0.outcome == .ok } ?? true
            watch.withLock { $0?.looked(at: due.name, isWhole: isWhole) }
            if let finding { findings.append((due, finding)) }
        }
        return findings
    }

    private func rivals(
        of copy: DropInCopy,
        among copies: [DropInCopy],
        _ rows: [DropInRecord]
    ) -> [DropInSituation.Rival] {
        guard case .package(let id, _, _) = copy.content else { return [] }
        return copies.compactMap { other in
            guard other.name != copy.name, case .package(id, let version, _) = other.content,
                DropInRow.known(other.name, other.identity, in: rows.map(DropInRow.init)) == nil
            else { return nil }
            return DropInSituation.Rival(name: other.name, version: version)
        }
    }

    /// - Returns: What is to be installed.
    private func judge(
        _ finding: DropInFinding,
        _ due: Settling.Due,
        isAtStart: Bool,
        _ rows: [DropInRecord],
        _ rivals: [DropInSituation.Rival]
    ) async throws(Failure) -> DropInRecord? {
        let copy = finding.copy
        let known = DropInRow.known(copy.name, copy.identity, isAnother: due.isAnother, in: rows.map(DropInRow.init))
        var situation = DropInSituation(known: known, rivals: rivals)
        if case .package(let id, _, _) = copy.content {
            situation.installed = try await installed(id.text)
            situation.hasTombstone = try await services.hasTombstone(id.text)
        }
        let settled = DropInHistory.unchangedWish(copy, isAnother: due.isAnother, isAtStart: isAtStart, situation, rows)
        if let settled {
            try await services.ask { database throws(StoreError) in try database.putDropIn(settled) }
            return nil
        }
        let verdict = DropInPolicy.verdict(copy, situation)
        if case .wait(let reason) = verdict.decision {
            // What was named already, because it lay there like that at the start, stays named.
            if known == nil { await showWaiting(copy.name, reason) }
            return nil
        }
        guard let row = verdict.row else { return nil }
        let before = rows.first { $0.name == known?.name }?.outcome ?? .ok
        let record = DropInRecord(
            row,
            outcome: finding.outcome == .ok && row.state == .failed ? before : finding.outcome,
            seen: services.clock()
        )
        if verdict.decision == .install { return record }
        try await services.ask { database throws(StoreError) in try database.putDropIn(record) }
        await show(record, isBeaten: !rivals.isEmpty)
        return nil
    }

    private func carryOut(_ installation: DropInRecord) async {
        var record = installation
        await install(record.name, &record)
        do throws(Failure) {
            try await services.ask { [record] database throws(StoreError) in try database.putDropIn(record) }
        } catch {
            raise(error)
        }
        await show(record)
    }

    private func installed(_ id: String) async throws(Failure) -> DropInSituation.Installed? {
        guard let installed = try await services.installedPlugin(id),
            let version = PluginVersion(installed.version.version)
        else { return nil }
        return DropInSituation.Installed(
            version: version,
            packageHash: installed.version.packageHash,
            isPinned: installed.isPinned
        )
    }

    /// Installs a copy, and notes in its record if that fails.
    private func install(_ name: String, _ record: inout DropInRecord) async {
        do throws(Failure) {
            if fleet.known(record.plugin)?.isPlaceholder ?? true {
                let message = "\(record.version) is being installed from plugins.d/\(name)"
                try await show(PluginProblem(.ok, message, state: .installing), of: name, as: record.plugin)
            }
            let request = ChangeRequest(
                kind: .install,
                plugin: record.plugin,
                source: "\(directory)/\(name)",
                isConsented: true
            )
            let plan = try await installer.begin(request, author: "drop-in")
            guard let begun = plan.change else { return }
            let change = try await installer.wait(for: begun.number)
            guard change.state != .done else { return }
            throw change.failure ?? Failure(.undone, change.message)
        } catch {
            record.state = .failed
            record.message = error.description
            record.outcome = fleet.lastProbe(of: record.plugin) ?? .startFailed
        }
    }

    private func vanished(_ name: String) async {
        services.ledger.write { database throws(StoreError) in
            try database.commit([.noDropIn(name: name)], task: "forget plugins.d/\(name)")
        }
        services.alerts.clear("host", Self.alertKey(name))
        await forgetShown(of: name)
    }

    /// What went while the host did not run.
    private func forgetVanished(besides present: Set<String>) async throws(Failure) {
        for row in try await services.dropIns() where !present.contains(row.name) { await vanished(row.name) }
    }
}
