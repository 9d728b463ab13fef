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
        hasRoom: @escaping @Sendable () -> Bool,
        receive: @escaping @Sendable (ExecRunner.Output) -> Void
    ) throws(SystemError) {
        self.reactor = reactor
        let null = try SystemError.check("open /dev/null") { open("/dev/null", O_RDONLY | O_CLOEXEC) }
        defer { close(null) }
        let pairs = try DescriptorPair.several([.pipe, .pipe, .pipe])
        // The child holds the reading end of the lifeline, the host the writing end.
        let lifeline = (reading: pairs[2].ours, writing: pairs[2].theirs)
        defer { for descriptor in [pairs[0].theirs, pairs[1].theirs, lifeline.reading] { close(descriptor) } }
        var ours = [pairs[0].ours, pairs[1].ours]
        defer { for descriptor in ours { close(descriptor) } }
        state = Mutex(State(lifeline: lifeline.writing, outputLeft: template.outputMegabytes << 20))

        let cpuSeconds = template.timeoutSeconds + 1
        let process = try SpawnedProcess(
            arguments: [
                launcher.path, "exec", "\(template.memoryMegabytes << 20)", "\(cpuSeconds)", "--", template.path,
            ]
                + arguments,
            environment: launcher.environment,
            descriptors: [null, pairs[0].theirs, pairs[1].theirs, lifeline.reading]
        )
        var pipes: [OutputPipe] = []
        do {
            for stream: UInt32 in [1, 2] {
                pipes.append(try pipe(ours.removeFirst(), stream: stream, hasRoom: hasRoom, receive: receive))
            }
            try reactor.watch(process.pidfd, for: EPOLLIN.rawValue) { [self, pipes] _ in
                guard let status = process.reap() else { return }
                reactor.unwatch(process.pidfd)
                for pipe in pipes { pipe.finish() }
                receive(.ended(answer(for: status)))
            }
        } catch {
            for pipe in pipes { pipe.close() }
            throw error
        }
        let timer = reactor.schedule(after: .seconds(template.timeoutSeconds)) { [self] in end(because: "timeout") }
        state.withLock { $0.timer = timer }
    }

    deinit {
        if let lifeline = state.withLock({ $0.lifeline }) { close(lifeline) }
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
        hasRoom: @escaping @Sendable () -> Bool,
        receive: @escaping @Sendable (ExecRunner.Output) -> Void
    ) throws(SystemError) -> OutputPipe {
        try OutputPipe(
            takingOver: descriptor,
            reactor: reactor,
            bytesPerSecond: .max,
            hasRoom: hasRoom
        ) { [self] bytes in
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
