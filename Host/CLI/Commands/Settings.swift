import ArgumentParser
import HostAPI

/// `hostctl settings get|set|unset`
struct Settings: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read and change a plugin's settings.",
        discussion: "A key is a path: poll.interval, or as a JSON pointer /poll/interval.",
        subcommands: [SettingsGet.self, SettingsSet.self, SettingsUnset.self]
    )
}

/// `hostctl settings get ID [KEY]`
struct SettingsGet: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Print settings, with defaults filled in."
    )

    @Argument(help: "The plugin's id.", completion: .pluginIDs, transform: nonEmpty)
    var id: String

    @Argument(help: "Only this one.")
    var key: String?

    @Flag(help: "Only what was set, without defaults.")
    var saved = false

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let settings = try await host.settings(ofPlugin: id)
        let document = saved ? settings.saved : settings.document
        if let key {
            return output.value(try SettingsPath(key).value(in: document))
        }
        switch output.format {
        case .table, .wide:
            output.data(document.yaml)
            output.say("Revision \(settings.revision). To change: hostctl settings set \(id) KEY=VALUE")
        case .json, .yaml: output.document(settings)
        case .name: output.data(SettingsPath.leaves(of: document).map { harmless("\($0)") + "\n" }.joined())
        }
    }
}

/// `hostctl settings set ID KEY=VALUE…`
struct SettingsSet: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change settings; all of them at once, or none.",
        discussion: "A value that is JSON is taken as such (40, true, [1,2]), any other as text."
    )

    @Argument(help: "The plugin's id.", completion: .pluginIDs, transform: nonEmpty)
    var id: String

    @Argument(help: ArgumentHelp("What to change.", valueName: "key=value"))
    var pairs: [String]

    @Flag(help: "Also what the desired-state file sets. It then differs from the file, and `diff` says so.")
    var override = false

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        var changes: [(SettingsPath, JSONValue)] = []
        for pair in pairs {
            let (key, value) = try KeyValues.split(pair)
            changes.append((try SettingsPath(key), value))
        }
        let result = try await SettingsChange(overridesFile: override).make(host, id) { (settings) throws(Failure) in
            var document = settings.saved
            for (path, value) in changes { try path.set(value, in: &document) }
            return document
        }
        output.settingsResult(result, id)
    }
}

/// `hostctl settings unset ID KEY…`
struct SettingsUnset: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "unset",
        abstract: "Go back to the defaults of settings."
    )

    @Argument(help: "The plugin's id.", completion: .pluginIDs, transform: nonEmpty)
    var id: String

    @Argument(help: "Which ones.")
    var keys: [String]

    @Flag(help: "Also what the desired-state file sets. It then differs from the file, and `diff` says so.")
    var override = false

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        var paths: [SettingsPath] = []
        for key in keys { paths.append(try SettingsPath(key)) }
        var notSet: [SettingsPath] = []
        let result = try await SettingsChange(overridesFile: override).make(host, id) { (settings) throws(Failure) in
            notSet = []
            var document = settings.saved
            for path in paths {
                if path.remove(from: &document) { continue }
                // A name that is neither set nor a default is a slip, and is said to be one.
                _ = try path.value(in: settings.document)
                notSet.append(path)
            }
            return document
        }
        output.settingsResult(result, id, notSet: notSet)
    }
}

extension Output {
    /// What was changed; `notSet`: what was to be unset and had not been set.
    fileprivate func settingsResult(_ result: SettingsResult, _ id: String, notSet: [SettingsPath] = []) {
        switch format {
        case .json, .yaml: return document(result)
        case .name: return data(result.changed.map { harmless($0) + "\n" }.joined())
        case .table, .wide: break
        }
        for path in notSet { say("\(path) was not set: its default stays in force.") }
        guard !result.changed.isEmpty else {
            return say("Nothing changed: revision \(result.revision) stays in force.")
        }
        let said = result.message.isEmpty ? "" : " \(result.message)"
        say("\(id): revision \(result.revision) changes \(result.changed.joined(separator: ", ")).\(said)")
    }
}
