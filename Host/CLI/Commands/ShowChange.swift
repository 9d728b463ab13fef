import ArgumentParser
import HostAPI

/// `hostctl change N`
struct ShowChange: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "change",
        abstract: "One change with its steps."
    )

    @Argument(help: "The change's number.", completion: .changeNumbers, transform: changeNumber(_:))
    var number: Int64

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let change = try await host.change(number)
        output.item(change, name: change.listName) { change.description($0) }
    }
}

extension Change {
    func description(_ moments: Moments) -> Description {
        var description = Description()
        description.sentence("\(state.cell.text): \(summary)", state.cell.emphasis)
        if let said = failure?.message ?? news { description.sentence(said) }
        if let hint = failure?.hint { description.sentence(hint) }
        if !state.isFinal {
            description.sentence("To follow it: hostctl watch \(number); to undo it: hostctl abort \(number)")
        }
        description.fact("change", "\(number), \(kind.rawValue)")
        description.fact("plugin", plugin)
        description.fact("by", author)
        description.fact("begun", moments.phrase(created))
        description.fact("ended", ended.map { Cell("\(moments.phrase($0)), it took \(($0 - created).text)") })
        description.table(
            "TASKS",
            Table(
                headers: ["STATE", "TASK", "WHAT", "PROGRESS"],
                rows: tasks.map { task in
                    [
                        Cell("\(task.symbol) \(task.state)", task.emphasis), Cell(task.name), Cell(task.title),
                        Cell(task.progress?.words ?? ""),
                    ]
                }
            )
        )
        return description
    }
}

extension Duration {
    /// `850 ms`, `12.3 s`, `3m20s`.
    fileprivate var text: String {
        switch milliseconds {
        case ..<1_000: "\(max(milliseconds, 0)) ms"
        case ..<60_000: "\((Double(milliseconds) / 1_000).text(places: 1)) s"
        default: Quantity.age(self)
        }
    }
}
