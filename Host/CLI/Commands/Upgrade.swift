import ArgumentParser
import HostAPI

/// `hostctl upgrade [ID…|--all]`
struct Upgrade: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring in the newest versions that the registry has.",
        discussion: "A plugin goes back to its old version by itself if the new one does not run well."
    )

    @Argument(help: "Plugins' ids.", completion: .pluginIDs, transform: nonEmpty)
    var ids: [String] = []

    @Flag(help: "All that came from the registry and are not pinned.")
    var all = false

    @OptionGroup var change: ChangeOptions
    @OptionGroup var consent: ConsentOptions

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func validate() throws {
        if all, !ids.isEmpty { throw ValidationError("Name plugins, or say --all: not both.") }
        if !all, ids.isEmpty { throw ValidationError("Name plugins, or say --all.") }
    }

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let plugins = all ? try await upgradable(host, output) : ids
        if plugins.isEmpty, output.format.isForPeople { output.say("There is no plugin to upgrade.") }
        try await ChangeRun(host, output, change, consent).printEach(plugins) {
            ChangeRequest(kind: .upgrade, plugin: $0)
        }
    }

    private func upgradable(_ host: some Host, _ output: Output) async throws(Failure) -> [String] {
        let plugins = try await host.plugins().filter { $0.origin == "registry" }
        let pinned = plugins.filter(\.isPinned).map(\.id)
        if !pinned.isEmpty, output.format.isForPeople {
            output.say("Pinned, and left as they are: \(pinned.joined(separator: ", "))")
        }
        return plugins.filter { !$0.isPinned }.map(\.id)
    }
}
