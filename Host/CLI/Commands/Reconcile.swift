import ArgumentParser
import HostAPI

/// `hostctl reconcile [ID…]`
struct Reconcile: FindingCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find where what is differs from what shall be, and mend it.",
        discussion: """
            The host does this by itself, too. The exit status is 0 if nothing is left to do by hand, else 2; with \
            --dry-run 2 if there is anything to do.
            """
    )

    @Argument(help: "Only these plugins.", completion: .pluginIDs, transform: nonEmpty)
    var ids: [String] = []

    @Flag(help: "Forget failures and pauses, and try everything once more.")
    var force = false

    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func find(_ host: some Host, _ output: Output) async throws(Failure) -> ExitStatus {
        let report = try await host.reconcile(
            ReconcileRequest(plugins: ids, isForced: force, isDryRun: dryRun)
        )
        switch output.format {
        case .json, .yaml: output.document(ReconcileDocument(report))
        case .table, .wide, .name:
            if !report.findings.isEmpty { output.list(report.findings, empty: "") }
            output.say("\(report.summary) (\(report.milliseconds.text(places: 1)) ms)")
        }
        let isPending = report.isDryRun && report.findings.contains { $0.outcome == "pending" && $0.action != "none" }
        return report.isSuccess && !isPending ? .ok : .findings
    }
}

/// A report with its findings as `items`, like every list.
private struct ReconcileDocument: Encodable {
    let items: [Finding]
    let found: Int
    let fixed: Int
    let manual: Int
    let isDryRun: Bool
    let summary: String
    let milliseconds: Double

    init(_ report: ReconcileReport) {
        items = report.findings
        found = report.found
        fixed = report.fixed
        manual = report.manual
        isDryRun = report.isDryRun
        summary = report.summary
        milliseconds = report.milliseconds
    }
}

extension Finding: Listable {
    static let columns: [Column<Finding>] = [
        Column("PLUGIN") { Cell($0.plugin, .bold) },
        Column("FINDING") { Cell($0.kind) },
        Column("ACTION") { Cell($0.action, $0.action == "manual" ? .caution : .none) },
        Column("OUTCOME") { Outcome.cell($0.outcome) },
        Column("IS", isWide: true) { Cell($0.current) },
        Column("SHALL BE", isWide: true) { Cell($0.expected) },
        Column("DESCRIPTION") { Cell($0.description) },
        Column("RESULT") { Cell($0.result) },
    ]

    var listName: String { plugin }
}

/// What came of one finding or difference.
enum Outcome {
    static func cell(_ word: String) -> Cell {
        switch word {
        case "fixed", "applied": Cell("● \(word)", .good)
        case "pending": Cell("◌ \(word)", .caution)
        case "failed": Cell("✗ \(word)", .bad)
        case "manual", "drift": Cell("▲ \(word)", .caution)
        case "left": Cell("○ \(word)", .dim)
        default: Cell("? \(word)")
        }
    }
}
