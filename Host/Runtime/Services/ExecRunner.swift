import CLinux
import Glibc
import HostAPI
package import Manifests
import Synchronization

/// Runs the programs that a manifest declares, on behalf of its plugin: no shell, limits on time, memory and output, and
/// ended with all its children (`hearth-worker exec`).
package final class ExecRunner: Sendable {
    /// How many programs one plugin may have running at once.
    package static let limitPerPlugin = 8

    package enum Output: Sendable {
        case bytes(stream: UInt32, [UInt8])
        /// The last one.
        case ended(Answer)
    }

    private struct Key: Hashable {
        let owner: UInt64
        let run: UInt64
    }

    private let runs = Mutex<[Key: ProgramRun]>([:])
    private let program: WorkerProcess.Program
    private let reactor: Reactor

    package init(program: WorkerProcess.Program, reactor: Reactor) {
        self.program = program
        self.reactor = reactor
    }

    /// Starts a program. On the reactor's thread, as is `receive`.
    ///
    /// - Parameters:
    ///   - owner: The worker that asks; its runs end with it.
    ///   - run: The worker's number for the run.
    ///   - template: The manifest's declaration.
    ///   - arguments: What fills the template's placeholders, a JSON object.
    ///   - hasRoom: Whether the worker can take more output; while it cannot, the program waits.
    ///   - receive: Gets the output and the end.
    package func start(
        owner: UInt64,
        run: UInt64,
        template: ExecTemplate,
        arguments: [String],
        hasRoom: @escaping @Sendable () -> Bool,
        receive: @escaping @Sendable (Output) -> Void
    ) {
        let key = Key(owner: owner, run: run)
        guard runs.withLock({ $0[key] == nil }) else {
            return receive(.ended(Answer(status: .invalid, message: "the run \(run) is under way already")))
        }
        guard runs.withLock({ $0.keys.count { $0.owner == owner } }) < Self.limitPerPlugin else {
            return receive(
                .ended(Answer(status: .busy, message: "\(Self.limitPerPlugin) programs are running already"))
            )
        }
        do {
            let started = try ProgramRun(
                program,
                template: template,
                arguments: arguments,
                reactor: reactor,
                hasRoom: hasRoom
            ) { [self] output in
                if case .ended = output { runs.withLock { _ = $0.removeValue(forKey: key) } }
                receive(output)
            }
            runs.withLock { $0[key] = started }
        } catch {
            receive(.ended(Answer(status: .retryable, message: "\(template.path) could not be started: \(error)")))
        }
    }

    /// Ends a run; its end still comes.
    package func cancel(owner: UInt64, run: UInt64) {
        runs.withLock { $0[Key(owner: owner, run: run)] }?.end(because: "stopped")
    }

    /// Ends all runs of a worker.
    package func cancelAll(owner: UInt64) {
        let ended = runs.withLock { runs in runs.filter { $0.key.owner == owner }.map(\.value) }
        for run in ended { run.end(because: "stopped") }
    }
}
