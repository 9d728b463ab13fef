import ArgumentParser
import HostAPI

/// `hostctl show ID`
struct Show: HostCommand {
    static let configuration = CommandConfiguration(abstract: "All about one plugin, and what to do about it.")

    @Argument(help: "The plugin's id.", completion: .pluginIDs, transform: nonEmpty)
    var id: String

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ host: some Host, _ output: Output) async throws(Failure) {
        let detail = try await host.plugin(id)
        output.item(detail, name: detail.summary.id) { detail.description($0) }
    }
}

extension PluginDetail {
    func description(_ moments: Moments) -> Description {
        var description = Description()
        description.sentence(summary.sentence(moments), summary.state.cell.emphasis)
        if let advice = summary.advice { description.sentence(advice) }

        description.fact("state", summary.state.cell)
        description.fact("outcome", summary.outcome == .ok ? nil : Cell(summary.outcome.rawValue, .bad))
        description.fact("name", summary.name)
        description.fact("version", versionText(moments))
        description.fact("previous", previousVersion.map { "\($0): hostctl rollback \(summary.id)" } ?? "")
        description.fact("origin", summary.origin)
        description.fact("link", link?.text ?? "")
        description.fact("about", self.description)
        description.fact("license", license)
        description.fact("enabled", summary.isEnabled ? "yes" : "no")
        description.fact("process", summary.processID.map { Cell("\($0), isolation: \(summary.isolation)") })
        description.fact("start", startMilliseconds.map { Cell("took \($0.text(places: 1)) ms") })
        description.fact("memory", resources.map { Cell($0.memoryText) })
        description.fact("cpu", resources.map { Cell("\($0.cpuMilliseconds) ms since its process began") })
        description.fact("handles", resources.map { Cell("\($0.threads) threads, \($0.descriptors) descriptors") })
        description.fact("devices", "\(summary.devices)")
        description.fact("restarts", Cell("\(summary.restarts)", summary.restarts > 0 ? .caution : .none))
        description.fact("dropped", droppedCell)
        description.fact("settings", "revision \(settingsRevision)")
        description.fact("sandbox", sandbox.isEmpty ? Cell("none", .caution) : Cell(sandbox.joined(separator: ", ")))
        let permitted = permissions.permissionLines
        description.fact("permissions", lines: permitted.isEmpty ? ["none"] : permitted)
        description.fact("package", packageDirectory)
        description.fact("code", codeHash.map { "SHA-256 \($0)" } ?? "")
        description.fact("data", dataDirectory)

        description.table("COMMANDS", commands.table)
        description.table(
            "DEATHS",
            Table(
                headers: ["TIME", "CAUSE"],
                rows: deaths.map { [Cell(moments.when($0.time)), Cell($0.cause)] }
            )
        )
        description.block("HEALTH", health)
        return description
    }

    /// `1.1.0, pinned, installed 3d ago`
    private func versionText(_ moments: Moments) -> String {
        let pinned = summary.isPinned ? ", pinned" : ""
        return summary.version + pinned + (installedAt.map { ", installed \(moments.phrase($0))" } ?? "")
    }

    private var droppedCell: Cell? {
        guard droppedReadings > 0 || droppedLogLines > 0 else { return nil }
        return Cell("\(droppedReadings) readings, \(droppedLogLines) log lines", .caution)
    }
}

extension LinkedDirectory {
    /// `/home/ann/kasa, branch main at 1a2b3c4d5e6f of https://example.org/kasa.git`
    var text: String {
        var text = directory
        if let branch { text += ", branch \(branch)" }
        if let commit { text += (branch == nil ? ", detached" : "") + " at \(commit.prefix(12))" }
        if let remote { text += " of \(remote)" }
        return text
    }
}

extension ResourceUsage {
    var memoryText: String {
        "\(Quantity.bytes(privateBytes)) private, \(Quantity.bytes(proportionalBytes)) with its share of libraries"
    }
}

extension [CommandDescription] {
    /// Names, titles, and the arguments by name and type.
    var table: Table {
        Table(
            headers: ["COMMAND", "ARGUMENTS", "TITLE"],
            rows: map { [Cell($0.name, .bold), Cell($0.argumentsText), Cell($0.title ?? "")] }
        )
    }
}

extension CommandDescription {
    /// `brightness=integer [transition=number]`: what may be left out is in brackets.
    var argumentsText: String {
        let required = Set((arguments?["required"]?.arrayValue ?? []).compactMap(\.stringValue))
        let properties = arguments?["properties"]?.objectValue ?? [:]
        return properties.sorted { $0.key < $1.key }
            .map { name, schema in
                let text = "\(name)=\(schema["type"]?.stringValue ?? "value")"
                return required.contains(name) ? text : "[\(text)]"
            }
            .joined(separator: " ")
    }
}
