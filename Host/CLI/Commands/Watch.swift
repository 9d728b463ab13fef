import ArgumentParser
import HostAPI

/// `hostctl watch N`
struct Watch: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follow a change to its end.",
        discussion: "Ctrl-C ends only the watching. The exit status is 0 if the change was done, 1 if it was undone."
    )

    @Argument(help: "The change's number.", completion: .changeNumbers, transform: changeNumber(_:))
    var number: Int64

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let change = try await host.change(number)
        let watch = ChangeWatch(output: output)
        let end = change.state.isFinal ? change : try await watch.follow(change, on: host) { output.element($0) }
        if change.state.isFinal { output.element(end) }
        guard end.state != .undone else { throw end.undoing }
        if output.format.isForPeople { output.say("\(end.conclusion).") }
    }
}

extension Output {
    /// A change as it is now, for programs: people see its tasks.
    fileprivate func element(_ change: Change) {
        if !format.isForPeople { element(change, name: "\(change.number) \(change.state.rawValue)") { [] } }
    }
}
