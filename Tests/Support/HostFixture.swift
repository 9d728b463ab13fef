import Glibc
import Synchronization

/// One test's host: a real `hostd` in a root directory of its own, real plugins, and `hostctl` to drive it.
package final class HostFixture: Sendable {
    package let scratch: ScratchDirectory
    /// The host's root directory.
    package let root: String
    /// What workers and programs get as `HOME`, by which every process of this host is known.
    private let home: String
    private let state = Mutex(State())

    private struct State {
        var host: Program?
        var programs: [Program] = []
        var cleanUps: [@Sendable () async throws -> Void] = []
        var hasFailed = false
    }

    /// The fixture of the test that runs.
    @TaskLocal package static var current: HostFixture?

    private init(name: String) throws {
        scratch = try ScratchDirectory(named: name)
        root = try scratch.makeDirectory("root")
        home = try scratch.makeDirectory("home")
        try scratch.makeDirectory("output")
        try scratch.makeDirectory("root/plugins.d")
    }

    /// Runs a test with a host directory of its own, and ends all that the test has started, last first. Then no process of
    /// the host may be left, whatever its plugins did: this is checked after every test.
    ///
    /// - Parameters:
    ///   - name: The test's.
    ///   - body: The test. The host is not started yet.
    /// - Throws: What the test throws; if it does not, what goes wrong at its end.
    package static func with(_ name: String = #function, _ body: (HostFixture) async throws -> Void) async throws {
        await HostSlots.shared.take()
        let outcome = await run(name, body)
        await HostSlots.shared.give()
        try outcome.get()
    }

    private static func run(
        _ name: String,
        _ body: (HostFixture) async throws -> Void
    ) async -> Result<Void, any Error> {
        let fixture: HostFixture
        do { fixture = try HostFixture(name: name) } catch { return .failure(error) }
        var outcome = Result<Void, any Error>.success(())
        do { try await $current.withValue(fixture) { try await body(fixture) } } catch { outcome = .failure(error) }
        do {
            try await fixture.cleanUp()
        } catch {
            if case .success = outcome { outcome = .failure(error) }
        }
        if case .failure = outcome { fixture.noteFailure() }
        if fixture.state.withLock({ $0.hasFailed }) { fixture.printEvidence(of: name) }
        fixture.scratch.remove()
        return outcome
    }

    /// Makes the fixture print hostd's log at the end.
    package func noteFailure() {
        state.withLock { $0.hasFailed = true }
    }

    /// Has something done when the test is over; what was added last is done first.
    package func addCleanUp(_ body: @escaping @Sendable () async throws -> Void) {
        state.withLock { $0.cleanUps.append(body) }
    }

    private func cleanUp() async throws {
        var firstFailure: (any Error)?
        while let next = state.withLock({ $0.cleanUps.popLast() }) {
            do { try await next() } catch { firstFailure = firstFailure ?? error }
        }
        for program in state.withLock({ $0.programs }).reversed() { program.kill() }
        try await eventually("no process of the host is left, but there are \(processes())") { processes().isEmpty }
        if let firstFailure { throw firstFailure }
    }

    private func printEvidence(of name: String) {
        let logs = state.withLock { $0.programs }.filter { $0.name.hasPrefix("hostd") }.map(\.errors)
        print("--- hostd's log in \(name), root \(root)\n\(logs.joined(separator: "--- next hostd\n"))---")
    }

    // MARK: Programs

    /// Starts a program that ends with the test at the latest.
    package func launch(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Program {
        let number = state.withLock { $0.programs.count }
        let name = path.split(separator: "/").last ?? ""
        let program = try Program(
            path,
            arguments,
            environment: environment,
            outputIn: "\(scratch.path)/output",
            label: "\(number)-\(name)-\(UInt32.random(in: .min ... .max))"
        )
        state.withLock { $0.programs.append(program) }
        return program
    }

    /// The processes of this host besides `hostd` itself: workers, and the programs that it runs for plugins.
    package func processes() -> [Int32] {
        let mark = "HOME=\(home)"
        let own = Set(state.withLock { $0.programs }.map(\.processID))
        return ProcessTable.all().filter { !own.contains($0) && ProcessTable.environment(of: $0).contains(mark) }
    }

    // MARK: The host

    /// The `hostd` that was started last.
    package var host: Program {
        get throws {
            guard let host = state.withLock({ $0.host }) else {
                throw Program.Failure(description: "no hostd was started")
            }
            return host
        }
    }

    /// Starts `hostd` without waiting for it.
    @discardableResult
    package func launchHost(
        _ arguments: [String] = [],
        root: String? = nil,
        environment: [String: String] = [:]
    ) throws -> Program {
        let own = ["HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]
        return try launch(
            try BuildProducts.path(of: "hostd"),
            ["--root", root ?? self.root] + arguments,
            environment: own.merging(environment) { $1 }
        )
    }

    /// Starts `hostd` and waits until it answers, and has taken up what lies in `plugins.d`.
    ///
    /// - Parameters:
    ///   - arguments: Beside the root.
    ///   - environment: Beside what every host gets.
    ///   - waitsForDropIns: Each directory in `plugins.d` is a plugin of the list: not so where a copy is ignored.
    /// - Throws: If it ends, or does not answer.
    package func start(
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        waitsForDropIns: Bool = true
    ) async throws {
        let host = try launchHost(arguments, environment: environment)
        state.withLock { $0.host = host }
        try await eventually("hostd answers: \(host.errors)") {
            if let exit = host.exit { throw Program.Failure(description: "hostd ended with \(exit): \(host.errors)") }
            return try await hostctl("status").status == 0
        }
        guard waitsForDropIns else { return }
        try await eventually("hostd has looked at all of plugins.d: \(host.errors)") {
            try await hostctl("list", "-o", "name").output.split(separator: "\n").count >= packagesInDropInDirectory
        }
    }

    /// The directories in `plugins.d`.
    private var packagesInDropInDirectory: Int {
        guard let directory = opendir("\(root)/plugins.d") else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            let name = DirectoryEntry.name(entry)
            var status = stat()
            guard !name.hasPrefix("."), stat("\(root)/plugins.d/\(name)", &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR { count += 1 }
        }
        return count
    }

    /// Ends the host as a service manager does.
    package func terminate() async throws -> Program.Exit {
        try host.send(signal: SIGTERM)
        return try await host.wait(within: .seconds(20))
    }

    /// `kill -9`.
    package func killHost() throws {
        try host.kill()
    }

    // MARK: hostctl

    /// What a run of `hostctl` came to.
    package struct Answer: Sendable {
        /// The exit status; 128 and the signal's number if a signal ended it.
        package let status: Int32
        package let output: String
        package let errors: String
    }

    /// Runs `hostctl` on this host.
    ///
    /// - Throws: If it does not end within a minute.
    @discardableResult
    package func hostctl(_ arguments: String...) async throws -> Answer {
        try await hostctl(arguments)
    }

    /// Runs `hostctl` on this host.
    @discardableResult
    package func hostctl(_ arguments: [String]) async throws -> Answer {
        let program = try follow(arguments)
        let status: Int32 =
            switch try await program.wait() {
            case .status(let status): status
            case .signal(let signal): 128 + signal
            }
        return Answer(status: status, output: program.output, errors: program.errors)
    }

    /// Starts `hostctl` for a stream that goes on.
    package func follow(_ arguments: [String]) throws -> Program {
        try launch(
            try BuildProducts.path(of: "hostctl"),
            arguments,
            environment: ["HEARTH_ROOT": root, "HOME": scratch.path, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]
        )
    }
}
