import ArgumentParser
import HostAPI

/// `hostctl help exit-codes`
struct ExitCodes: LocalCommand {
    static let configuration = CommandConfiguration(abstract: "What exit codes mean.", shouldDisplay: false)

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ output: Output) throws(Failure) {
        output.list(ExitStatus.allCases.map { ExitCode(status: $0.rawValue, meaning: $0.meaning) }, empty: "")
    }
}

private struct ExitCode: Listable {
    let status: Int32
    let meaning: String

    static let columns: [Column<ExitCode>] = [
        Column("CODE") { Cell("\($0.status)", .bold) },
        Column("MEANING") { Cell($0.meaning) },
    ]

    var listName: String { String(status) }
}
