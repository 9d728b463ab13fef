import ArgumentParser
import HostAPI

/// A command that does something to plugins as a whole.
protocol ControlCommand: HostCommand {
    static var action: PluginAction { get }
    var ids: [String] { get }
}

extension ControlCommand {
    /// Each id in turn; one that fails is reported and does not keep the others from it.
    ///
    /// - Throws: the first failure, once all were tried.
    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        var done: [PluginSummary] = []
        var failures: [Failure] = []
        for id in ids {
            do {
                let summary = try await host.control(id, Self.action)
                done.append(summary)
                if output.format.isForPeople { output.say(Self.action.report(summary, output.moments)) }
            } catch {
                failures.append(error)
            }
        }
        if !output.format.isForPeople { output.list(done, empty: "") }
        for failure in failures.dropFirst() { output.report(failure) }
        if let failure = failures.first { throw failure }
    }
}

extension PluginAction {
    /// What has changed, and what to type next.
    func report(_ summary: PluginSummary, _ moments: Moments) -> String {
        let next =
            switch self {
            case .start, .restart, .enable: summary.advice ?? "Look at it with: hostctl show \(summary.id)"
            case .stop: "It starts again with: hostctl start \(summary.id)"
            case .disable: "It stays so until: hostctl enable \(summary.id)"
            }
        return "\(summary.sentence(moments)). \(next)"
    }
}

/// `hostctl start ID…`
struct Start: ControlCommand {
    static let configuration = CommandConfiguration(abstract: "Start plugins.")
    static let action = PluginAction.start

    @Argument(help: "Plugins' ids.", completion: .pluginIDs, transform: nonEmpty)
    var ids: [String]

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions
}

/// `hostctl stop ID…`
struct Stop: ControlCommand {
    static let configuration = CommandConfiguration(abstract: "Stop plugins, until `start` or the host's next start.")
    static let action = PluginAction.stop

    @Argument(help: "Plugins' ids.", completion: .pluginIDs, transform: nonEmpty)
    var ids: [String]

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions
}

/// `hostctl restart ID…`
struct Restart: ControlCommand {
    static let configuration = CommandConfiguration(abstract: "Stop plugins and start them.")
    static let action = PluginAction.restart

    @Argument(help: "Plugins' ids.", completion: .pluginIDs, transform: nonEmpty)
    var ids: [String]

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions
}

/// `hostctl enable ID…`
struct Enable: ControlCommand {
    static let configuration = CommandConfiguration(abstract: "Switch plugins on, now and at each start of the host.")
    static let action = PluginAction.enable

    @Argument(help: "Plugins' ids.", completion: .pluginIDs, transform: nonEmpty)
    var ids: [String]

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions
}

/// `hostctl disable ID…`
struct Disable: ControlCommand {
    static let configuration = CommandConfiguration(abstract: "Switch plugins off, until `enable`. Deletes nothing.")
    static let action = PluginAction.disable

    @Argument(help: "Plugins' ids.", completion: .pluginIDs, transform: nonEmpty)
    var ids: [String]

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions
}
