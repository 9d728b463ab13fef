package import HostAPI
package import Store

/// What every supervisor works with: one of each for the whole host.
package struct PluginServices: Sendable {
    package var reactor: Reactor
    package var program: WorkerProcess.Program
    package var layout: RootLayout
    package var ledger: Ledger
    package var history: HistoryWriter
    package var pluginState: PluginStateWriter
    package var devices: DeviceRegistry
    package var deviceRecorder: DeviceRecorder
    package var alerts: AlertBoard
    package var events: EventBus
    package var logs: PluginLogs
    package var subscriptions: Subscriptions
    package var programs: ExecRunner
    package var board: PluginBoard
    package var checkouts: LinkedCheckouts
    var workerNumbers = WorkerNumbers()
    /// Carries out a command for a plugin that asked for it.
    package var call: @Sendable (CommandRequest) async -> Answer
    /// Ids of plugins that may run inside hostd.
    package var allowedInHost: Set<String>
    /// No plugin starts by itself.
    package var isSafeMode: Bool
    package var clock: @Sendable () -> Timestamp
    /// A random number in 0..<1.
    package var chance: @Sendable () -> Double
}
