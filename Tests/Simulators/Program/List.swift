import ArgumentParser
import HomeSimulator

struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show the devices, their state and what they have seen.")

    @Flag(help: "The same as one JSON object.")
    var json = false

    @OptionGroup var options: ControlOptions

    func run() async throws {
        let reply = try await options.send(["command": "list"])
        guard !json else {
            print(reply)
            return
        }
        let header = ["NAME", "ADDRESS", "MODEL", "STATE", "POWER", "CONNECTIONS", "REQUESTS", "COMMANDS", "FAULTS"]
        let rows = (reply["devices"]?.array ?? []).flatMap { Self.rows(of: $0) }
        print(Table(header: header, rows: rows).text)
    }

    private static func rows(of device: JSON) -> [[String]] {
        let faults = (device["faults"]?.array ?? []).compactMap { $0.string }
        let row = [
            device["name"]?.string ?? "",
            device["address"]?.string ?? "",
            device["model"]?.string ?? "",
            state(of: device),
            device["watts"]?.double.map { "\(($0 * 10).rounded() / 10) W" } ?? "-",
            "\(device["open_connections"]?.integer ?? 0) of \(device["connections"]?.integer ?? 0)",
            "\(device["requests"]?.integer ?? 0)",
            "\(device["commands"]?.integer ?? 0)",
            faults.isEmpty ? "-" : faults.joined(separator: ", "),
        ]
        let outlets = (device["outlets"]?.array ?? []).map { outlet in
            ["  \(outlet["name"]?.string ?? "")", "", "", state(of: outlet)]
        }
        return [row] + outlets
    }

    private static func state(of thing: JSON) -> String { thing["on"]?.bool == true ? "on" : "off" }
}

/// Columns two spaces apart, as wide as their widest cell.
struct Table {
    let header: [String]
    let rows: [[String]]

    var text: String {
        let lines = [header] + rows
        let widths = header.indices.map { column in
            lines.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return lines.map { line in
            let cells = zip(line, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            let text = cells.joined(separator: "  ")
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
        .joined(separator: "\n")
    }
}
