import PluginKit

/// The arguments of a command, read with messages that say what would be right.
///
/// The command line hands values over as text where it cannot know better, so a number in quotes is a number.
struct Arguments {
    private let command: CommandName
    private let values: [String: JSON]

    /// - Throws: `PluginError` if there is an argument that the command does not take.
    init(_ arguments: JSON, of command: CommandName) throws(PluginError) {
        self.command = command
        values = arguments.object ?? [:]
        let known = command.argumentNames
        if let stranger = values.keys.sorted().first(where: { !known.contains($0) }) {
            let takes = known.isEmpty ? "no arguments" : known.joined(separator: ", ")
            throw PluginError(.invalid, "\(command.rawValue) has no argument “\(stranger)”; it takes \(takes)")
        }
    }

    func optional(_ name: String, in range: ClosedRange<Int>, unit: String = "") throws(PluginError) -> Int? {
        guard let value = values[name], !value.isNull else { return nil }
        guard let number = value.integer ?? value.text.flatMap(Int.init), range.contains(number) else {
            throw problem(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)\(unit)", value)
        }
        return number
    }

    func required(_ name: String, in range: ClosedRange<Int>, unit: String = "") throws(PluginError) -> Int {
        guard let number = try optional(name, in: range, unit: unit) else {
            throw PluginError(
                .invalid,
                "\(command.rawValue) needs \(name), a whole number from \(range.lowerBound) to \(range.upperBound)\(unit)"
            )
        }
        return number
    }

    func required(_ name: String) throws(PluginError) -> Bool {
        guard let value = values[name], !value.isNull else {
            throw PluginError(.invalid, "\(command.rawValue) needs \(name), true or false")
        }
        switch value {
        case .boolean(let flag): return flag
        case .text("true"), .text("on"): return true
        case .text("false"), .text("off"): return false
        default: throw problem(name, "must be true or false", value)
        }
    }

    private func problem(_ name: String, _ rule: String, _ value: JSON) -> PluginError {
        PluginError(.invalid, "\(name) \(rule), not \(value.encoded())")
    }
}
