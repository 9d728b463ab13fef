import Glibc
import HomeFile
import HostAPI
import Installation
import Logging
import Manifests
import Store
import Synchronization

/// Brings the host to what a desired-state file wants: once, when a user says so, and for the file that `hostd --config`
/// names at the start and whenever it changes.
final class HomeService: Sendable {
    let services: PluginServices
    let fleet: PluginFleet
    let installer: Installer
    let registry: RegistrySwitch
    private let file: String?
    private let logger: Logger
    private let watch = Mutex<FileWatch?>(nil)
    /// One file is applied at a time.
    private let gate = OperationGate()

    init(
        services: PluginServices,
        fleet: PluginFleet,
        installer: Installer,
        registry: RegistrySwitch,
        file: String?,
        logger: Logger
    ) {
        self.services = services
        self.fleet = fleet
        self.installer = installer
        self.registry = registry
        self.file = file
        self.logger = logger
    }

    // MARK: The file that owns its keys

    /// - Parameter settled: What it waits for: what lies in the drop-in directory is taken up first.
    func begin(after settled: OneTimeEvent) {
        guard let file else {
            // Nothing owns a key any more.
            services.alerts.clear("host", Self.alertKey)
            return services.ledger.write { database throws(StoreError) in try database.replaceOwnedKeys([]) }
        }
        do throws(Failure) {
            let begun = try FileWatch(file) { [weak self] in
                guard let self else { return }
                Task { await self.applyOwnFile(file) }
            }
            watch.withLock { $0 = begun }
        } catch {
            raise(error, file)
        }
        Task {
            await settled.wait()
            await applyOwnFile(file)
        }
    }

    func end() {
        watch.withLock { $0 = nil }
    }

    private func applyOwnFile(_ path: String) async {
        do throws(Failure) {
            let bytes = try await FileWork.run { () throws(Failure) in try Self.contents(of: path) }
            let directory = path.split(separator: "/").dropLast().joined(separator: "/")
            let report = try await apply(
                HomeDocument(text: String(decoding: bytes, as: UTF8.self), file: path, directory: "/\(directory)"),
                bytes: bytes,
                author: "home.yaml",
                owns: true
            )
            let left = report.differences.filter { $0.outcome == "failed" || $0.outcome == "manual" }
            guard let first = left.first else {
                services.alerts.clear("host", Self.alertKey)
                if !report.differences.isEmpty { logger.notice("\(path): \(report.summary)") }
                return
            }
            raise(
                Failure(
                    .conflict,
                    "\(path):\(first.line): \(first.plugin) \(first.kind): \(first.result)",
                    hint: left.count > 1 ? "hostctl diff \(path) shows all \(left.count)" : nil
                ),
                path
            )
        } catch {
            raise(error, path)
        }
    }

    private static let alertKey = "home-file"

    private func raise(_ failure: Failure, _ path: String) {
        services.alerts.raise(
            "host",
            Self.alertKey,
            .error,
            title: "\(path) is not in force as it stands",
            detail: failure.description
        )
    }

    /// - Throws: `bad-configuration` if it cannot be read: unreadable is not empty.
    private static func contents(of path: String) throws(Failure) -> [UInt8] {
        guard let file = fopen(path, "re") else {
            throw Failure(.invalidSettings, "\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: YAMLParser.sizeLimit + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else {
            throw Failure(.invalidSettings, "\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        return Array(bytes.prefix(count))
    }

    // MARK: What users ask

    func diff(_ document: HomeDocument) async throws(Failure) -> HomeReport {
        let (_, plan) = try await plan(document, bytes: Array(document.text.utf8))
        return HomeReport(file: document.file, differences: plan.differences)
    }

    func apply(_ document: HomeDocument) async throws(Failure) -> HomeReport {
        try await apply(document, bytes: Array(document.text.utf8), author: "user", owns: false)
    }

    private func apply(
        _ document: HomeDocument,
        bytes: [UInt8],
        author: String,
        owns: Bool
    ) async throws(Failure) -> HomeReport {
        await gate.enter()
        defer { gate.leave() }
        var (home, plan) = try await plan(document, bytes: bytes, endsOverrides: !owns)
        if owns { try await own(home, document.file) } else { try await endOverrides(of: home) }
        var failed: Set<String> = []
        for step in plan.steps where !failed.contains(step.plugin) {
            do throws(Failure) {
                plan.note(step, .success(try await carryOut(step, author: author)))
            } catch {
                failed.insert(step.plugin)
                plan.note(step, .failure(error))
            }
        }
        // Once a plugin is there, its settings can be checked and set.
        if plan.steps.contains(where: { if case .install = $0.action { true } else { false } }), failed.isEmpty {
            let (_, rest) = try await self.plan(document, bytes: bytes)
            for step in rest.steps {
                if case .install = step.action { continue }
                var rest = rest
                do throws(Failure) {
                    rest.note(step, .success(try await carryOut(step, author: author)))
                } catch {
                    rest.note(step, .failure(error))
                }
                plan.append(step.differences.map { rest.differences[$0] })
            }
        }
        return HomeReport(file: document.file, differences: plan.differences)
    }

    private func own(_ home: HomeFile, _ file: String) async throws(Failure) {
        let keys = home.ownedKeys.map { OwnedKey(plugin: $0.plugin, pointer: $0.pointer, file: file, line: $0.line) }
        try await services.ask { database throws(StoreError) in try database.replaceOwnedKeys(keys) }
    }

    /// Whoever applies a file by hand wants what is in it, whatever was overridden before.
    private func endOverrides(of home: HomeFile) async throws(Failure) {
        let keys = home.ownedKeys
        try await services.ask { database throws(StoreError) in
            for key in keys { try database.setOverridden(false, plugin: key.plugin, pointer: key.pointer) }
        }
    }

    private func plan(
        _ document: HomeDocument,
        bytes: [UInt8],
        endsOverrides: Bool = false
    ) async throws(Failure) -> (HomeFile, HomePlan) {
        let home: HomeFile
        do throws(HomeFileError) {
            home = try HomeFile(parsing: bytes, file: document.file)
        } catch {
            throw error.failure
        }
        var current = try await current(for: home, directory: document.directory)
        if endsOverrides { for index in current.indices { current[index].overridden = [] } }
        do throws(HomeFileError) {
            try home.check(current)
        } catch {
            throw error.failure
        }
        return (
            home, home.plan(current: current, registry: registry.location, directory: document.directory)
        )
    }

    func export() async throws(Failure) -> String {
        HomeFile.export(try await current(for: nil, directory: "/"), registry: registry.location)
    }
}
