import HostAPI
import Synchronization

@testable import CommandLine

/// What a run of `hostctl` printed, and how it ended.
struct Ran: Equatable {
    var status: Int32
    var data: String
    var messages: String
}

/// Catches what is printed.
final class Catcher: Sendable {
    private let text = Mutex("")

    var caught: String { text.withLock { $0 } }

    var sink: @Sendable (String) -> Void {
        { more in self.text.withLock { $0 += more } }
    }
}

/// Runs `hostctl` in this process, as if in a pipe unless `terminalWidth` is given.
func hostctl(
    _ arguments: String...,
    environment: [String: String] = [:],
    terminalWidth: Int? = nil,
    messageWidth: Int? = nil,
    typing answer: String? = nil
) async -> Ran {
    await hostctl(
        arguments,
        environment: environment,
        terminalWidth: terminalWidth,
        messageWidth: messageWidth,
        typing: answer
    )
}

/// Runs `hostctl` in this process.
///
/// - Parameters:
///   - arguments: what follows the program's name.
///   - environment: the whole of it.
///   - terminalWidth: columns of the terminal that data goes to; nil for a pipe.
///   - messageWidth: columns of the terminal that messages go to; nil for a pipe.
///   - answer: what the user types when asked; nil where nobody is there.
/// - Returns: what it printed and how it ended.
func hostctl(
    _ arguments: [String],
    environment: [String: String] = [:],
    terminalWidth: Int? = nil,
    messageWidth: Int? = nil,
    typing answer: String? = nil
) async -> Ran {
    let data = Catcher()
    let messages = Catcher()
    let typed: @Sendable () -> String? = { answer }
    let surroundings = Surroundings(
        environment: { environment[$0] },
        isTerminal: terminalWidth != nil,
        terminalWidth: terminalWidth,
        data: data.sink,
        messages: messages.sink,
        messageWidth: messageWidth,
        ask: answer == nil ? nil : typed
    )
    let status = await runHostctl(arguments, in: surroundings)
    return Ran(status: status, data: data.caught, messages: messages.caught)
}

extension Output {
    /// What `print` prints as data.
    static func printing(
        _ format: OutputFormat = .table,
        isColoured: Bool = false,
        width: Int? = nil,
        isAbsolute: Bool = false,
        now: Timestamp = .sample,
        _ print: (Output) -> Void
    ) -> String {
        let data = Catcher()
        print(
            Output(
                format: format,
                isColoured: isColoured,
                width: width,
                isAbsolute: isAbsolute,
                clock: { now },
                data: data.sink,
                messages: { _ in }
            )
        )
        return data.caught
    }
}

extension Timestamp {
    /// 2026-03-01T09:30:00.250Z
    static let sample = Timestamp(milliseconds: 1_772_357_400_250)
}

extension PluginSummary {
    static let kasa = PluginSummary(
        id: "kasa",
        name: "Kasa plugs",
        version: "1.0.0",
        state: .running,
        processID: 4_711,
        runningSince: .sample - .seconds(180),
        devices: 3
    )
    static let hue = PluginSummary(
        id: "hue",
        name: "Hue",
        version: "0.9.0",
        state: .failed,
        message: "hue.so: undefined symbol: foo",
        outcome: .dlopenFailed,
        restarts: 2
    )
}

extension String {
    /// As JSON, for the bodies of answers.
    init(json value: some Encodable) {
        let data = Catcher()
        Output(format: .json, data: data.sink, messages: { _ in }).element(value, name: "") { [] }
        self = data.caught.replacing(#""apiVersion":"hostctl/1","#, with: "")
    }
}
