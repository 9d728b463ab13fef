import ArgumentParser
import HostAPI

/// `hostctl version`
struct Version: LocalCommand {
    static let configuration = CommandConfiguration(abstract: "The version of this program; `status` tells the host's.")

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ output: Output) throws(Failure) {
        output.item(["version": hearthVersion], name: hearthVersion) { _ in
            var description = Description()
            description.sentence("hostctl \(hearthVersion)")
            return description
        }
    }
}
