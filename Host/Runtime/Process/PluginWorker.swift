/// Where a plugin's code runs: in a process of its own (the default), or on a thread of the host. One mechanism, two homes.
package protocol PluginWorker: Sendable {
    var channel: WorkerChannel { get }
    /// The process whose memory and time the plugin uses.
    var processID: Int32 { get }
    /// Asks the worker to end.
    func terminate()
    /// Ends the worker at once, as far as that is possible. Its end follows as an event.
    func kill()
}

/// What a worker does.
package enum WorkerEvent: Sendable {
    case message(WorkerMessage)
    /// A line on stdout (`isError` false) or stderr.
    case output(isError: Bool, String)
    /// It broke the protocol, or does not read; it is being killed. The sentence says which.
    case misbehaved(String)
    /// It has ended; the last event.
    case exited(ExitStatusOfProcess)
}
