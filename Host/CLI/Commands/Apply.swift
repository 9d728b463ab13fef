import ArgumentParser
import HostAPI

/// `hostctl apply FILE`
struct Apply: FindingCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the host to what a desired-state file says.",
        discussion: """
            `hostctl diff FILE` shows before what would be done. The exit status is 0 if all of it was done, 1 if \
            something failed, 2 if something is left to do by hand.
            """
    )

    @Argument(
        help: "The file; - is standard input.",
        completion: .file(extensions: ["yaml", "yml"]),
        transform: nonEmpty
    )
    var file: String

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func find(_ host: some Host, _ output: Output) async throws(Failure) -> ExitStatus {
        let report = try await host.applyHome(try HomeDocument(reading: file))
        output.report(report)
        let outcomes = Set(report.differences.map(\.outcome))
        if outcomes.contains("failed") { return .failure }
        return outcomes.isSubset(of: ["applied"]) ? .ok : .findings
    }
}

/// `hostctl diff FILE`
struct Diff: FindingCommand {
    static let configuration = CommandConfiguration(
        abstract: "What differs between a desired-state file and the host.",
        discussion: "The exit status is 0 if nothing does, else 2. `hostctl apply FILE` brings the host to the file."
    )

    @Argument(
        help: "The file; - is standard input.",
        completion: .file(extensions: ["yaml", "yml"]),
        transform: nonEmpty
    )
    var file: String

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func find(_ host: some Host, _ output: Output) async throws(Failure) -> ExitStatus {
        let report = try await host.diffHome(try HomeDocument(reading: file))
        output.report(report)
        return report.differences.isEmpty ? .ok : .findings
    }
}

extension HomeDocument {
    /// The file as it is now; `-` is standard input.
    init(reading path: String) throws(Failure) {
        if path == "-" {
            self.init(
                text: try TextInput.read(path),
                file: "standard input",
                directory: try LocalPath.workingDirectory()
            )
        } else {
            self.init(
                text: try TextInput.read(path),
                file: path,
                directory: LocalPath.directory(of: try LocalPath.absolute(path))
            )
        }
    }
}

extension Output {
    fileprivate func report(_ report: HomeReport) {
        switch format {
        case .json, .yaml: document(HomeReportDocument(report))
        case .table, .wide, .name:
            if !report.differences.isEmpty { list(report.differences, empty: "") }
            say(report.summary)
        }
    }
}

/// A report with its differences as `items`, like every list.
private struct HomeReportDocument: Encodable {
    let file: String
    let items: [HomeDifference]
    let summary: String

    init(_ report: HomeReport) {
        file = report.file
        items = report.differences
        summary = report.summary
    }
}

extension HomeDifference: Listable {
    static let columns: [Column<HomeDifference>] = [
        Column("LINE") { Cell("\($0.line)", .dim) },
        Column("PLUGIN") { Cell($0.plugin.isEmpty ? "-" : $0.plugin, .bold) },
        Column("WHAT") { Cell($0.pointer.isEmpty ? $0.kind : "\($0.kind) \($0.pointer)") },
        Column("IS") { Cell($0.current.isEmpty ? "-" : $0.current) },
        Column("WANTED") { Cell($0.wanted.isEmpty ? "-" : $0.wanted) },
        Column("OUTCOME") { Outcome.cell($0.outcome) },
        Column("RESULT") { Cell($0.result) },
    ]

    var listName: String { plugin + pointer }
}
