import DropIn
import Glibc
import HostAPI
import Manifests
import Synchronization
import TestSupport

/// A drop-in directory that is watched, and what was said of it.
final class WatchedDropIns: Sendable {
    let directory: String
    private let scratch: ScratchDirectory
    private let news = Mutex<[DropInNews]>([])
    private let watch = Mutex<DropInWatch?>(nil)

    /// Watches a new directory, after `prepare` has put there what lies there at the start.
    init(
        _ name: String,
        limits: WatchLimits = WatchLimits(),
        prepare: (WatchedDropIns) throws -> Void = { _ in }
    ) throws {
        scratch = try ScratchDirectory(named: name)
        directory = try scratch.makeDirectory("plugins.d")
        try scratch.makeDirectory("outside")
        try prepare(self)
        var times = Settling.Times()
        times.quiet = .milliseconds(150)
        times.retries = [.milliseconds(300), .milliseconds(600)]
        var pace = DirectoryWatch.Pace()
        pace.absent = .milliseconds(50)
        pace.limited = .milliseconds(100)
        let watch = try DropInWatch(
            directory,
            times: times,
            pace: pace,
            limits: limits
        ) { [weak self] news in self?.take(news) }
        self.watch.withLock { $0 = watch }
    }

    /// A place of the test that is not watched.
    var outside: String { "\(scratch.path)/outside" }

    func end() {
        watch.withLock { watch in
            watch?.stop()
            watch = nil
        }
        scratch.remove()
    }

    func lookAtEverything() { watch.withLock { $0?.lookAtEverything() } }

    private func take(_ item: DropInNews) {
        for due in item.due where due.matter != .vanished {
            let isWhole = isWhole(due.name)
            // Not on this thread alone: the answer of a host comes from elsewhere.
            watch.withLock { $0 }?.looked(at: due.name, isWhole: isWhole)
        }
        news.withLock { $0.append(item) }
    }

    private func isWhole(_ name: String) -> Bool {
        guard let entry = DropInScan.entry(name, in: directory) else { return true }
        guard entry.kind == .directory else {
            return TextFile.contents("\(directory)/\(name)")?.hasSuffix("whole") == true
        }
        return access("\(directory)/\(name)/plugin.yaml", R_OK) == 0
    }

    // MARK: What was said

    var all: [DropInNews] { news.withLock { $0 } }
    var problems: [Failure] { all.compactMap(\.problem) }
    /// As the last news have it.
    var problem: Failure? { all.last?.problem }

    func looks(at name: String) -> [Settling.Due] {
        all.flatMap(\.due).filter { $0.name == name && $0.matter != .vanished }
    }

    func losses(of name: String) -> Int {
        all.flatMap(\.due).count { $0.name == name && $0.matter == .vanished }
    }

    // MARK: Doing

    func package(_ path: String, code: String = "code") throws {
        mkdir(path, 0o755)
        try TextFile.write("manifest: 1\n", to: "\(path)/plugin.yaml")
        try TextFile.write(code, to: "\(path)/x.so")
    }

    func shell(_ command: String) throws { try run(command) }
}

/// Runs a command of the shell to its end.
func run(_ command: String) throws {
    var child: pid_t = 0
    let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/sh"), strdup("-c"), strdup(command), nil]
    defer { for argument in arguments { free(argument) } }
    guard posix_spawn(&child, "/bin/sh", nil, nil, arguments, environ) == 0 else { throw SystemFailure(command) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else { throw SystemFailure(command) }
}
