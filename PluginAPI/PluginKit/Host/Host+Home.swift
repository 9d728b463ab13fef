import PluginAPI
import Synchronization

extension Host {
    /// Other plugins' readings and devices. Needs the permission `read-series` or `command-devices` in the manifest.
    public struct Home: Sendable {
        let link: HostLink

        /// The latest value of each matching series first, then every new one.
        ///
        /// A reader that is slow misses the oldest batches: 1,024 wait for it. The subscription ends with the loop,
        /// or the task.
        /// - Parameter pattern: "plugin/device/entity", each part a name or "*".
        /// - Returns: a stream that throws ``PluginError``, of the class ``PluginError/Class/denied`` if the manifest
        ///   does not ask for the permission.
        public func readings(matching pattern: String) -> AsyncThrowingStream<[SeriesReading], any Error> {
            let (stream, continuation) = AsyncThrowingStream.makeStream(
                of: [SeriesReading].self,
                bufferingPolicy: .bufferingNewest(1024)
            )
            let number = link.callbacks.add { event in
                switch event {
                case .readings(let readings): continuation.yield(readings)
                case .answered(.failure(let error)): continuation.finish(throwing: error)
                case .gone: continuation.finish()
                default: break
                }
            }
            let subscription = link.call(link.home) { table, host in
                pattern.withHearthString { pattern in
                    table.subscribe(
                        host,
                        pattern,
                        { context, readings, count in
                            let copies = SeriesReading.copies(of: readings, count: count)
                            HostCallbacks.deliver(.readings(copies), to: context)
                        },
                        HostCallbacks.answer,
                        HostCallbacks.context(number)
                    )
                }
            }
            continuation.onTermination = { [link] _ in
                link.callbacks.remove(number)
                if let subscription, subscription != 0 {
                    link.call(link.home) { $0.unsubscribe($1, subscription) }
                }
            }
            if subscription == nil {
                continuation.finish(throwing: Home.missing)
            } else if subscription == 0 {
                continuation.finish(throwing: PluginError(.invalid, "\(pattern) is not plugin/device/entity"))
            }
            return stream
        }

        /// Sends a command to a device of another plugin, and waits for its result.
        public func call(_ plugin: String, _ command: Command) async throws -> JSON {
            try await link.answer { context throws(PluginError) in
                let status = link.call(link.home) { table, host in
                    command.withHearthCommand { command in
                        plugin.withHearthString { table.call(host, $0, command, HostCallbacks.answer, context) }
                    }
                }
                guard let status else { throw Home.missing }
                if let failure = PluginError(status: status, message: "") { throw failure }
            }
        }

        private static let missing = PluginError.unsupported("this host shows plugins nothing of each other")
    }
}

extension Command {
    /// Lends the command to `body`, for the duration of the call.
    fileprivate func withHearthCommand<Result>(_ body: (UnsafePointer<hearth_command>) -> Result) -> Result {
        let (seconds, attoseconds) = timeout.components
        let milliseconds = UInt32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        return (device ?? "").withHearthString { device in
            withHearthStrings(name, arguments.encoded()) { name, arguments in
                let command = hearth_command(
                    struct_size: UInt32(MemoryLayout<hearth_command>.size),
                    timeout_ms: milliseconds,
                    device: device,
                    name: name,
                    arguments: arguments
                )
                return withUnsafePointer(to: command, body)
            }
        }
    }
}
