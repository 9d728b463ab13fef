import PluginKit

/// A command with its number and its device, for logs and messages.
struct CommandTarget: Sendable {
    let number: UInt64
    let device: String
    /// What the user calls the device.
    let name: String
    let command: String

    func entry(_ event: ActivityEntry.Event, at time: Timestamp) -> ActivityEntry {
        ActivityEntry(time: time, number: number, device: device, name: name, command: command, event: event)
    }

    func cancellation(isSuperseded: Bool) -> PluginError {
        isSuperseded
            ? .permanent("“\(name)”: \(command) was superseded by a newer command")
            : .retryable("“\(name)”: \(command) was cancelled, because the plugin is stopping")
    }
}

/// A command under way.
struct RunningCommand {
    let order: Order
    /// The outlet of a strip that is meant; nil for the device itself.
    let outlet: String?
    let task: Task<JSON, any Error>

    /// Whether a command is about the same thing, so that only the newer one can count.
    func concerns(_ subject: Order.Subject, outlet: String?) -> Bool {
        order.subject == subject && (self.outlet == outlet || self.outlet == nil || outlet == nil)
    }
}
