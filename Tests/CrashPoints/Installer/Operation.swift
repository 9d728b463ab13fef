internal import Glibc
internal import HostAPI
internal import Installation
internal import Store

/// What the command line asks for.
struct Operation {
    let root: String
    let name: String
    let arguments: [String]

    func run() async throws {
        let state = try StateDatabase(path: "\(root)/state.db", schema: name == "old-host" ? Self.firstSchema : .state)
        do {
            try await run(on: state)
            // Before the database is closed: what is said to be done is durable already.
            _ = write(STDOUT_FILENO, "done\n", 5)
        } catch {
            try? state.close()
            throw error
        }
        try state.close()
    }

    private func run(on state: StateDatabase) async throws {
        switch name {
        // As every start of the host does, and as a host did before there was anything to install.
        case "open", "old-host": break
        case "settings":
            let settings = JSONValue.object(["greeting": .string(try argument(1))])
            try state.saveSettings(settings, ofPlugin: try argument(0), author: "user")
        default: try await run(on: Ledger(database: state) { _ in })
        }
    }

    private func run(on ledger: Ledger) async throws {
        let plugins = PretendedPlugins(ledger: ledger)
        let installer = installer(ledger, plugins)
        let report = try await installer.recover()
        if let unresolved = report.unresolved.first { throw Failure(.internalError, unresolved) }
        try await plugins.start()
        await installer.resume()
        for number in report.toObserve { _ = try await installer.wait(for: number) }
        switch name {
        case "recover": break
        case "enable", "disable":
            try await installer.setEnabled(name == "enable", plugin: try argument(0), author: "user")
        case "install", "link": try await carryOut(ChangeRequest(kind: kind, source: try argument(0)), installer)
        case "drop-in":
            try await carryOut(ChangeRequest(kind: .install, source: "\(root)/plugins.d/\(try argument(0))"), installer)
        case "purge":
            try await carryOut(ChangeRequest(kind: .uninstall, plugin: try argument(0), isPurge: true), installer)
        default: try await carryOut(ChangeRequest(kind: kind, plugin: try argument(0)), installer)
        }
    }

    private var kind: ChangeKind { ChangeKind(rawValue: name) }

    private func carryOut(_ request: ChangeRequest, _ installer: Installer) async throws {
        let plan = try await installer.begin(request, author: name == "drop-in" ? "drop-in" : "user")
        guard let change = plan.change, !change.state.isFinal else { return }
        let ended = try await installer.wait(for: change.number)
        if ended.state != .done { throw ended.failure ?? Failure(.undone, ended.message) }
    }

    private func installer(_ ledger: Ledger, _ plugins: PretendedPlugins) -> Installer {
        let layout = InstallationLayout(root: root)
        var configuration = Installer.Configuration(layout: layout, ledger: ledger, runner: plugins)
        configuration.copies = { plugin in DropInCopies(root: root).of(plugin) }
        configuration.healthWindow = .zero
        return Installer(configuration)
    }

    private func argument(_ index: Int) throws -> String {
        guard index < arguments.count else { throw Failure(.invalidArgument, "\(name) needs one more argument") }
        return arguments[index]
    }

    /// A database as hosts made it that could not install anything.
    private static let firstSchema = Schema(steps: Array(Schema.state.steps.prefix(1)))
}
