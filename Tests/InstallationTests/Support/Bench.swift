import Glibc
import HostAPI
import Installation
import Packages
import Store
import Testing

/// A root directory with an installer and a runner, as a host has them.
final class Bench: Sendable {
    let root: String
    let packages: TestPackages
    let ledger: Ledger
    let database: StateDatabase
    let catalogue = TestCatalogue()
    let runner: MemoryRunner
    /// What happens at a moment between two tasks.
    let fault = Locked<(@Sendable (Installer.Checkpoint) async throws -> Void)?>(nil)
    let copies = Locked<[DropInRecord]>([])
    let configuration: Installer.Configuration
    let clock = Locked(Timestamp(milliseconds: 1_800_000_000_000))
    private let current: Locked<Installer>

    init() throws {
        // In memory: thousands of commits need not wear a disk.
        var template = Array("/dev/shm/installation-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        root = String(cString: made)
        for name in ["packages", "root", "root/plugins.d", "root/data"] { mkdir("\(root)/\(name)", 0o755) }
        packages = TestPackages(directory: "\(root)/packages")
        database = try StateDatabase(path: "\(root)/state.db")
        ledger = Ledger(database: database) { _ in }
        runner = MemoryRunner(ledger: ledger)
        var configuration = Installer.Configuration(
            layout: InstallationLayout(root: "\(root)/root"),
            ledger: ledger,
            runner: runner,
            catalogue: catalogue
        )
        configuration.now = { [clock] in clock.value }
        configuration.copies = { [copies] plugin in copies.value.filter { $0.plugin == plugin } }
        configuration.checkpoint = { [fault] checkpoint in try await fault.value?(checkpoint) }
        self.configuration = configuration
        current = Locked(Installer(configuration))
    }

    deinit {
        guard getenv("KEEP_SCRATCH") == nil else { return }
        try? PackageFiles.removeTree(root)
    }

    var layout: InstallationLayout { InstallationLayout(root: "\(root)/root") }
    var installer: Installer { current.value }

    /// Another installer on the same root. The one before does nothing any more, or is stuck for ever.
    func restart() { current.value = Installer(configuration) }

    /// The host's start after a crash: recover, start everything, watch.
    @discardableResult
    func start() async throws -> RecoveryReport {
        restart()
        let report = try await installer.recover()
        try await runner.startAll()
        await installer.resume()
        for number in report.toObserve { _ = try await installer.wait(for: number) }
        return report
    }

    // MARK: Operations

    /// Begins a change and waits for its end.
    @discardableResult
    func run(_ request: ChangeRequest, author: String = "user") async throws -> Change {
        let plan = try await installer.begin(request, author: author)
        let change = try #require(plan.change, "\(plan.summary)")
        return try await installer.wait(for: change.number)
    }

    @discardableResult
    func install(_ version: String, of id: String = "kasa", build: Int = 1) async throws -> Change {
        try await run(ChangeRequest(kind: .install, source: try packages.make(version, of: id, build: build)))
    }

    @discardableResult
    func uninstall(_ id: String = "kasa", isPurge: Bool = false) async throws -> Change {
        try await run(ChangeRequest(kind: .uninstall, plugin: id, isPurge: isPurge))
    }

    func failure(_ request: ChangeRequest, author: String = "user") async -> Failure? {
        do throws(Failure) {
            _ = try await installer.begin(request, author: author)
            return nil
        } catch {
            return error
        }
    }

    // MARK: What is

    func active(_ id: String = "kasa") throws -> String? {
        try database.installedPlugin(id)?.version.version
    }

    func previous(_ id: String = "kasa") throws -> String? {
        try database.installedPlugin(id)?.previousVersion?.version
    }

    /// Everything that a change may touch and that an undone one leaves as it was.
    func snapshot() throws -> Snapshot { try Snapshot(of: self) }
}

/// Rows, files and what runs.
struct Snapshot: Equatable {
    var rows: [String]
    var files: [String]
    var running: [String: String]

    init(of bench: Bench) throws {
        let database = bench.database
        rows = try database.desiredPlugins().flatMap { plugin -> [String] in
            var plugin = plugin
            // Grows with what is undone, too: whoever has seen the number in between must not meet it again.
            plugin.generation = 0
            return ["\(plugin)"] + (try database.pluginState(plugin.id).sorted { $0.key < $1.key }.map { "\($0)" })
                + (try database.revisions(ofPlugin: plugin.id).map { "\($0)" })
        }
        rows += try database.versions().map { "\($0)" }
        rows += try database.tombstones().map { "\($0)" }
        rows += try database.dropIns().map { "\($0)" }
        files = try ["store", "staging", "trash", "data", "plugins.d"].flatMap { name in
            try Self.tree("\(bench.layout.root)/\(name)", shownAs: name)
        }
        running = bench.runner.running
    }

    private static func tree(_ path: String, shownAs name: String) throws -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var found: [String] = []
        while let entry = readdir(directory) {
            let inside = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard inside != ".", inside != ".." else { continue }
            if entry.pointee.d_type == UInt8(DT_DIR) {
                found.append("\(name)/\(inside)/")
                found += try tree("\(path)/\(inside)", shownAs: "\(name)/\(inside)")
            } else {
                found.append("\(name)/\(inside) \(content("\(path)/\(inside)"))")
            }
        }
        return found.sorted()
    }

    private static func content(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "?" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = fread(&bytes, 1, bytes.count, file)
        return
            "\(bytes[..<count].reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 })"
    }
}
