import ArgumentParser
import HostAPI

/// `hostctl export`
struct Export: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what the host shall be as a desired-state file, without secrets.",
        discussion: "hostctl export > home.yaml; then change it, and: hostctl apply home.yaml"
    )

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let text = try await host.exportHome()
        if output.format == .json { return output.document(["text": text]) }
        // The file is YAML in whatever format: that is what it is for.
        output.value(.string(text.hasSuffix("\n") ? String(text.dropLast()) : text))
    }
}
