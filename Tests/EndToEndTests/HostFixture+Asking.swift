import Client
import HostAPI
import TestSupport

/// What tests ask of their host beside what `hostctl` prints: the same interface, without starting a program each time.
extension HostFixture {
    var client: any Host {
        get throws { HTTPHost(socketPath: try SocketPath(ofRoot: root)) }
    }

    func summary(_ id: String) async throws -> PluginSummary {
        try await client.plugin(id).summary
    }

    /// Waits until a plugin is in that state.
    ///
    /// - Returns: How it then is.
    @discardableResult
    func waitFor(
        _ id: String,
        _ state: PluginState,
        within limit: Duration = .seconds(20)
    ) async throws -> PluginSummary {
        try await eventually("\(id) is \(state.rawValue)", within: limit) {
            let summary = try await summary(id)
            return summary.state == state ? summary : nil
        }
    }

    /// Waits until a plugin runs in another process than `processID`.
    ///
    /// - Returns: The new process's number.
    @discardableResult
    func waitForAnotherWorker(of id: String, than processID: Int32?) async throws -> Int32 {
        try await eventually("\(id) runs in another process") {
            let summary = try await summary(id)
            guard summary.state == .running, let new = summary.processID, new != processID else { return nil }
            return new
        }
    }

    /// The process of a running plugin.
    func processID(of id: String) async throws -> Int32 {
        guard let process = try await summary(id).processID else { throw NoWorker(plugin: id) }
        return process
    }

    /// Runs `hostctl … -o json`.
    func json(_ arguments: String...) async throws -> JSONValue {
        let answer = try await hostctl(arguments + ["-o", "json"])
        guard answer.status == 0 else { throw HostctlFailed(arguments: arguments, answer: answer) }
        return try JSONValue(parsing: answer.output)
    }

    /// A plugin's command's result, as `hostctl call` gives it.
    func call(_ target: String, _ command: String, _ pairs: String...) async throws -> JSONValue {
        let answer = try await hostctl(["call", target, command] + pairs + ["-o", "json"])
        guard answer.status == 0 else { throw HostctlFailed(arguments: ["call", target, command], answer: answer) }
        return try JSONValue(parsing: answer.output)["result"] ?? .null
    }
}

struct NoWorker: Error {
    let plugin: String
}

struct HostctlFailed: Error, CustomStringConvertible {
    let arguments: [String]
    let answer: HostFixture.Answer

    var description: String {
        "hostctl \(arguments.joined(separator: " ")) ended with \(answer.status): \(answer.errors)\(answer.output)"
    }
}
