import ArgumentParser
import HostAPI

/// `new`: a plugin to start from.
struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Makes the source of a new plugin, with everything that is needed to build it.",
        discussion: "It greets, and counts its greetings, until you teach it something better."
    )

    @Argument(help: "The new plugin's id: a lower-case letter, then 1 to 30 lower-case letters, digits or hyphens.")
    var id: String

    @Option(help: "swift, c or rust.")
    var language = TemplateLanguage.swift

    @Argument(help: "The directory that is made. Default: the id, here.")
    var directory: String?

    func run() throws {
        guard let plugin = PluginID(id) else {
            throw ValidationError(
                "\"\(id)\" cannot be an id: it is a lower-case letter, then 1 to 30 lower-case letters, digits or hyphens"
            )
        }
        let target = directory ?? id
        do {
            try Template(language: language, id: plugin.text).make(in: target)
        } catch {
            throw Ending.failed(error)
        }
        print("\(target) is ready. \(language.nextStep(in: target, id: id))")
    }
}
