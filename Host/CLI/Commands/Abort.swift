import ArgumentParser
import HostAPI

/// `hostctl abort N`
struct Abort: HostCommand {
    static let configuration = CommandConfiguration(abstract: "Have a change undone that is under way.")

    @Argument(help: "The change's number.", completion: .changeNumbers, transform: changeNumber(_:))
    var number: Int64

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let change = try await host.abortChange(number)
        guard output.format.isForPeople else {
            return output.item(change, name: change.listName) { change.description($0) }
        }
        output.say(
            change.state == .undone
                ? "Change \(number) (\(change.summary)) is undone. All is as it was before."
                : "Change \(number) (\(change.summary)) is being undone. To see it through: hostctl watch \(number)"
        )
    }
}
