import ArgumentParser
import HostAPI

/// `hostctl install ID|FILE|DIR`
struct Install: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring in a plugin: from the registry, a package file or a directory.",
        discussion: """
            hostctl install kasa
            hostctl install ./kasa-1.1.0.tar.gz

            A word with a slash, or that ends in .tar.gz, .tgz or .so, is a path. What the plugin may do is shown; where \
            that reaches far, you are asked first. If it is there already, it is replaced, and comes back by itself \
            should the new one not run well.
            """
    )

    @Argument(
        help: ArgumentHelp("A plugin's id, or the path of a package.", valueName: "id-or-path"),
        completion: .file(),
        transform: nonEmpty
    )
    var what: String

    @Option(
        name: .customLong("version"),
        help: ArgumentHelp("This version of the registry's; else the newest that fits.", valueName: "version"),
        transform: nonEmpty
    )
    var wantedVersion: String?

    @OptionGroup var change: ChangeOptions
    @OptionGroup var consent: ConsentOptions

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        do {
            try await ChangeRun(host, output, change, consent).print(try request())
        } catch {
            throw advised(error)
        }
    }

    func request() throws(Failure) -> ChangeRequest {
        let isPath = LocalPath.isPath(what)
        return ChangeRequest(
            kind: .install,
            plugin: isPath ? nil : what,
            source: isPath ? try LocalPath.absolute(what) : nil,
            version: wantedVersion
        )
    }

    /// A name that only the working directory knows was perhaps meant as a path.
    private func advised(_ failure: Failure) -> Failure {
        guard [.noSuchPlugin, .notFound, .invalidArgument, .registryUnreachable, .unsupported].contains(failure.code),
            !LocalPath.isPath(what), LocalPath.exists(what)
        else { return failure }
        return Failure(failure.code, failure.message, hint: "To install what lies here: hostctl install ./\(what)")
    }
}
