import PluginAPI

/// A piece of what a program wrote.
public enum ExecOutput: Hashable, Sendable {
    case standardOutput([UInt8])
    case standardError([UInt8])
}

/// How a program ended.
public enum ExecEnd: Hashable, Sendable {
    case exit(Int)
    /// Ended by a signal; the reason is "timeout", "memory", "output" or "stopped" if the host did it.
    case signal(Int, reason: String)
}

extension Host {
    /// Programs that the manifest declares, run by the host: plugins cannot start processes themselves.
    public struct Exec: Sendable {
        /// What a run reports: output as it comes, and last of all its end.
        public enum Event: Hashable, Sendable {
            case output(ExecOutput)
            case ended(ExecEnd)
        }

        let link: HostLink

        /// Runs the manifest's program of that name. There is no shell. The run ends with the loop, or the task.
        ///
        /// `arguments` fill the placeholders of the manifest's argument template. The stream throws ``PluginError`` if
        /// the program could not be run.
        public func run(_ program: String, _ arguments: [String: JSON] = [:]) -> AsyncThrowingStream<Event, any Error> {
            let (stream, continuation) = AsyncThrowingStream.makeStream(of: Event.self)
            let number = link.callbacks.add { event in
                switch event {
                case .output(let output): continuation.yield(.output(output))
                case .answered(.success(let end)):
                    continuation.yield(.ended(ExecEnd(end)))
                    continuation.finish()
                case .answered(.failure(let error)): continuation.finish(throwing: error)
                default: continuation.finish(throwing: CancellationError())
                }
            }
            let run = link.call(link.exec) { table, host in
                withHearthStrings(program, JSON.object(arguments).encoded()) { program, arguments in
                    table.run(
                        host,
                        program,
                        arguments,
                        { context, stream, bytes, count in
                            let copy = Array(UnsafeBufferPointer(start: bytes, count: count))
                            let isError = Int(stream) == HEARTH_EXEC_STDERR
                            HostCallbacks.deliver(
                                .output(isError ? .standardError(copy) : .standardOutput(copy)),
                                to: context
                            )
                        },
                        HostCallbacks.answer,
                        HostCallbacks.context(number)
                    )
                }
            }
            continuation.onTermination = { [link] termination in
                link.callbacks.remove(number)
                if case .cancelled = termination, let run, run != 0 { link.call(link.exec) { $0.cancel($1, run) } }
            }
            if run == nil {
                continuation.finish(throwing: PluginError.unsupported("this host runs no programs for plugins"))
            } else if run == 0 {
                continuation.finish(throwing: PluginError(.invalid, "the host refused to run \(program)"))
            }
            return stream
        }
    }
}

extension ExecEnd {
    fileprivate init(_ json: JSON) {
        if let signal = json["signal"].integer {
            self = .signal(signal, reason: json["reason"].text ?? "")
        } else {
            self = .exit(json["exit"].integer ?? 0)
        }
    }
}
