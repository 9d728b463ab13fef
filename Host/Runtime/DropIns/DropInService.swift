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
    private let services: PluginServices
    private let fleet: PluginFleet
    private let installer: Installer
    private let directory: String
    private let logger: Logger
    private let watch = Mutex<DropInWatch?>(nil)
    /// News in their order; copies of one piece of news are handled side by side.
    private let gate = OperationGate()
    private let underWay = Mutex(0)
    /// What lay there at the start has been dealt with.
    let firstLook = OneTimeEvent()
    /// What each name in plugins.d is shown as, so that it can be taken away again.
    private let shown = Mutex<[String: Set<String>]>([:])

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

    /// The copies of a plugin that lie there now, as an uninstallation has to know them: also those that nobody has looked
    /// at yet.
    func copies(of plugin: String) async -> [DropInRecord] {
        var records: [DropInRecord] = []
        for entry in (try? DropInScan.entries(in: directory)) ?? [] {
            guard let copy = await DropInLook.copy(entry.name, in: directory, isLast: true, services),
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
        await gate.enter()
        defer { gate.leave() }
        if let problem = news.problem { raise(problem) } else { services.alerts.clear("host", "plugins.d") }
        do throws(Failure) {
            if news.isAtStart { try await forgetVanished(besides: Set(news.due.map(\.name))) }
            let copies = try await look(news.due)
            let rows = try await services.dropIns()
            await withTaskGroup { group in
                for (due, copy) in copies {
                    let rivals = news.isAtStart ? rivals(of: copy, among: copies.map(\.1), rows) : []
                    group.addTask { await self.handle(copy, due, rows, rivals) }
                }
            }
        } catch {
            raise(error)
        }
        for due in news.due where due.matter == .vanished { await vanished(due.name) }
        underWay.withLock { $0 -= news.due.count }
        firstLook.happen()
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

    private func look(_ due: [Settling.Due]) async throws(Failure) -> [(Settling.Due, DropInCopy)] {
        var copies: [(Settling.Due, DropInCopy)] = []
        for due in due {
            guard case .look(let isLast) = due.matter else { continue }
            guard let copy = await DropInLook.copy(due.name, in: directory, isLast: isLast, services) else {
                watch.withLock { $0?.looked(at: due.name, isWhole: true) }
                continue
            }
            var isWhole = true
            if case .incomplete = copy.content { isWhole = false }
            watch.withLock { $0?.looked(at: due.name, isWhole: isWhole) }
            copies.append((due, copy))
        }
        return copies
    }

    private func rivals(
        of copy: DropInCopy,
        among copies: [DropInCopy],
        _ rows: [DropInRecord]
    )
        -> [DropInSituation.Rival]
    {
        guard case .package(let id, _, _) = copy.content else { return [] }
        return copies.compactMap { other in
            guard other.name != copy.name, case .package(id, let version, _) = other.content,
                DropInRow.known(other.name, other.identity, in: rows.map(DropInRow.init)) == nil
            else { return nil }
            return DropInSituation.Rival(name: other.name, version: version)
        }
    }

    private func handle(
        _ copy: DropInCopy,
        _ due: Settling.Due,
        _ rows: [DropInRecord],
        _ rivals: [DropInSituation.Rival]
    ) async {
        do throws(Failure) {
            var situation = DropInSituation(
                known: DropInRow.known(
                    copy.name,
                    copy.identity,
                    isAnother: due.isAnother,
                    in: rows.map(DropInRow.init)
                ),
                rivals: rivals
            )
            if case .package(let id, _, _) = copy.content {
                situation.installed = try await services.installedPlugin(id.text).flatMap { installed in
                    PluginVersion(installed.version.version).map {
                        DropInSituation.Installed(
                            version: $0,
                            packageHash: installed.version.packageHash,
                            isPinned: installed.isPinned
                        )
                    }
                }
                situation.hasTombstone = try await services.hasTombstone(id.text)
            }
            let verdict = DropInPolicy.verdict(copy, situation)
            try await carryOut(verdict, copy)
        } catch {
            raise(error)
        }
    }

    private func carryOut(_ verdict: DropInVerdict, _ copy: DropInCopy) async throws(Failure) {
        guard var row = verdict.row else { return }
        if verdict.decision == .install { row = await install(copy, row) }
        let record = DropInRecord(row, seen: services.clock())
        try await services.ask { database throws(StoreError) in
            try database.commit([.dropIn(record)], task: "remember plugins.d/\(record.name)")
        }
        if case .ignore(let reason) = verdict.decision {
            logger.notice("plugins.d/\(copy.name) is ignored", metadata: ["reason": "\(reason)"])
        }
        await show(row)
    }

    /// - Returns: The row, with what came of it.
    private func install(_ copy: DropInCopy, _ row: DropInRow) async -> DropInRow {
        let isNew = fleet.known(row.plugin) == nil
        do throws(Failure) {
            if isNew {
                let message = "\(row.version) is being installed from plugins.d/\(copy.name)"
                try await fleet.show(PluginProblem(.ok, message, state: .installing), as: row.plugin)
                note(copy.name, as: row.plugin)
            }
            let request = ChangeRequest(
                kind: .install,
                plugin: row.plugin,
                source: "\(directory)/\(copy.name)",
                isConsented: true
            )
            let plan = try await installer.begin(request, author: "drop-in")
            guard let begun = plan.change else { return row }
            let change = try await installer.wait(for: begun.number)
            guard change.state != .done else { return row }
            return row.failed(change.failure?.description ?? change.message)
        } catch {
            return row.failed(error.description)
        }
    }

    private func vanished(_ name: String) async {
        services.ledger.write { database throws(StoreError) in
            try database.commit([.noDropIn(name: name)], task: "forget plugins.d/\(name)")
        }
        services.alerts.clear("host", Self.alertKey(name))
        for shownAs in shown.withLock({ $0.removeValue(forKey: name) }) ?? [] { await fleet.forget(shownAs) }
    }

    /// What went while the host did not run.
    private func forgetVanished(besides present: Set<String>) async throws(Failure) {
        for row in try await services.dropIns() where !present.contains(row.name) { await vanished(row.name) }
    }

    // MARK: Showing

    /// A copy that is not used shows as a plugin of its own, or as an alert where a plugin of that id is there already.
    private func show(_ row: DropInRow) async {
        let problem: PluginProblem?
        switch row.state {
        case .installed, .ignored: problem = nil
        case .needsConsent:
            problem = PluginProblem(.ok, "\(row.message): hostctl install \(row.plugin)", state: .needsConsent)
        case .refused: problem = PluginProblem(.badManifest, row.message)
        case .failed:
            let isQuarantined = row.message.contains("is quarantined")
            problem = PluginProblem(
                isQuarantined ? .quarantined : .startFailed,
                row.message,
                state: isQuarantined ? .quarantined : .failed
            )
        }
        let name = row.plugin.isEmpty ? row.name : row.plugin
        let isTaken: Bool
        if let supervisor = fleet.known(name) { isTaken = await supervisor.installed != nil } else { isTaken = false }
        guard let problem else {
            services.alerts.clear("host", Self.alertKey(row.name))
            return
        }
        logger.warning("\(directory)/\(row.name) is not used", metadata: ["reason": "\(problem.message)"])
        if isTaken, name == row.plugin {
            services.alerts.raise(
                "host",
                Self.alertKey(row.name),
                .warning,
                title: "plugins.d/\(row.name) is not used",
                detail: problem.message
            )
        } else {
            try? await fleet.show(problem, as: name)
            note(row.name, as: name)
        }
    }

    private func note(_ name: String, as plugin: String) {
        shown.withLock { _ = $0[name, default: []].insert(plugin) }
    }

    private static func alertKey(_ name: String) -> String { "plugins.d/\(name)" }
}
