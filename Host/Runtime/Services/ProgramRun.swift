import CLinux
import Glibc
import HostAPI
import Manifests
import Synchronization

/// One program under way for a plugin.
final class ProgramRun: Sendable {
    private struct State {
        var lifeline: Int32?
        var outputLeft: Int
        var reason: String?
        var timer: Reactor.Timer?
    }

    private let state: Mutex<State>
    private let reactor: Reactor

    /// Starts the program behind `hearth-worker exec`, whose lifeline is a pipe: closing it ends all of them.
    init(
        _ launcher: WorkerProcess.Program,
        template: ExecTemplate,
        arguments: [String],
        reactor: Reactor,
        receive: @escaping @Sendable (ExecRunner.Output) -> Void
    ) throws(SystemError) {
        self.reactor = reactor
        let output = try DescriptorPair.pipe()
        let errors = try DescriptorPair.pipe()
        let lifeline = try DescriptorPair.pipe()
        let null = try SystemError.check("open /dev/null") { open("/dev/null", O_RDONLY | O_CLOEXEC) }
        // The child holds the reading end of the lifeline, the host the writing end.
        defer { for descriptor in [output.theirs, errors.theirs, lifeline.ours, null] { close(descriptor) } }
        state = Mutex(State(lifeline: lifeline.theirs, outputLeft: template.outputMegabytes << 20))

        let cpuSeconds = template.timeoutSeconds + 1
        let process: SpawnedProcess
        do {
            process = try SpawnedProcess(
                arguments: [
                    launcher.path, "exec", "\(template.memoryMegabytes << 20)", "\(cpuSeconds)", "--", template.path,
                ]
                    + arguments,
                environment: launcher.environment,
                descriptors: [null, output.theirs, errors.theirs, lifeline.ours]
            )
        } catch {
            for descriptor in [output.ours, errors.ours, lifeline.theirs] { close(descriptor) }
            throw error
        }
        let standardOutput = try pipe(output.ours, stream: 1, receive: receive)
        let standardError = try pipe(errors.ours, stream: 2, receive: receive)
        try reactor.watch(process.pidfd, for: EPOLLIN.rawValue) { [self] _ in
            reactor.unwatch(process.pidfd)
            guard let status = process.reap() else { return }
            standardOutput.finish()
            standardError.finish()
            receive(.ended(answer(for: status)))
        }
        let timer = reactor.schedule(after: .seconds(template.timeoutSeconds)) { [self] in end(because: "timeout") }
        state.withLock { $0.timer = timer }
    }

    /// Closes the lifeline: the launcher kills the program and its children.
    func end(because reason: String) {
        state.withLock { state in
            guard let lifeline = state.lifeline else { return }
            close(lifeline)
            state.lifeline = nil
            state.reason = reason
        }
    }

    private func pipe(
        _ descriptor: Int32,
        stream: UInt32,
        receive: @escaping @Sendable (ExecRunner.Output) -> Void
    ) throws(SystemError) -> OutputPipe {
        try OutputPipe(takingOver: descriptor, reactor: reactor, bytesPerSecond: .max) { [self] bytes in
            let allowed = state.withLock { state in
                let allowed = min(bytes.count, state.outputLeft)
                state.outputLeft -= allowed
                return allowed
            }
            if allowed > 0 { receive(.bytes(stream: stream, Array(bytes.prefix(allowed)))) }
            if allowed < bytes.count { end(because: "output") }
        }
    }

    private func answer(for status: ExitStatusOfProcess) -> Answer {
        let reason = state.withLock { state in
            if let timer = state.timer { reactor.cancel(timer) }
            if let lifeline = state.lifeline { close(lifeline) }
            state.lifeline = nil
            return state.reason
        }
        let members: [String: JSONValue] =
            switch (reason, status) {
            case (let reason?, _): ["signal": .integer(Int64(SIGKILL)), "reason": .string(reason)]
            case (nil, .status(let code)) where code > 128:
                ["signal": .integer(Int64(code - 128)), "reason": .string(code - 128 == SIGKILL ? "memory" : "signal")]
            case (nil, .status(let code)): ["exit": .integer(Int64(code))]
            case (nil, .abandoned): ["reason": .string("lost")]
            case (nil, .signal(let signal)): ["signal": .integer(Int64(signal)), "reason": .string("signal")]
            }
        return Answer(status: .ok, json: JSONValue.object(members).text)
    }
}
