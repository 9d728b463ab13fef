import HostAPI

@testable import CommandLine

/// A host that carries out changes as it is told to: for `TinyServer`.
struct TinyInstaller: Sendable {
    /// The change as it is begun.
    var change: Change? = .upgrade(.doing)
    /// How it goes on; the stream ends with it.
    var steps: [Change] = [.upgrade(.done)]
    var permissions: JSONValue? = .object(["network": .object(["tcp": .array([.integer(9_999)])])])
    /// What is answered while the user has not agreed.
    var refusal: Failure?
    var plugin = PluginSummary.kasa

    func answer(_ request: TinyServer.Request) -> TinyServer.Answer {
        switch (request.method, request.target) {
        case ("POST", "/v1/changes"): begin(request.body)
        case ("GET", "/v1/changes/12/watch"):
            .stream([": hearth\n\n"] + steps.map { "data: \(String(json: $0))\n\n" })
        case ("GET", "/v1/changes/12"): .json(200, String(json: steps.first ?? .upgrade(.done)))
        case ("GET", "/v1/plugins/kasa"): .json(200, String(json: PluginDetail(summary: plugin)))
        case ("GET", "/v1/plugins"): .json(200, "[\(String(json: plugin))]")
        default: .json(404, String(json: Failure(.notFound, "There is no \(request.target).")))
        }
    }

    private func begin(_ body: String) -> TinyServer.Answer {
        let asked = (try? JSONValue(parsing: body)) ?? .null
        if let refusal, asked["isConsented"] != .bool(true) { return .json(409, String(json: refusal)) }
        if asked["isDryRun"] == .bool(true) {
            let plan = ChangePlan(
                summary: "upgrade kasa 1.0.0 to 1.1.0",
                steps: ["unpack kasa-1.1.0.tar.gz", "switch to it"],
                permissions: permissions
            )
            return .json(200, String(json: plan))
        }
        guard let change else {
            return .json(200, String(json: ChangePlan(summary: "kasa 1.1.0 is installed already")))
        }
        return .json(200, String(json: ChangePlan(change: change, summary: change.summary)))
    }
}

extension TinyServer {
    /// The bodies of what was asked to be changed, without the dry runs.
    var begun: [JSONValue] {
        requests.filter { $0.target == "/v1/changes" && $0.method == "POST" }
            .compactMap { try? JSONValue(parsing: $0.body) }
            .filter { $0["isDryRun"] != .bool(true) }
    }
}

extension Change {
    /// Change 12 in such a state.
    static func upgrade(
        _ state: ChangeState,
        _ tasks: [ChangeTask] = [],
        message: String = "",
        failure: Failure? = nil
    ) -> Change {
        Change(
            number: 12,
            kind: .upgrade,
            plugin: "kasa",
            summary: "upgrade kasa 1.0.0 to 1.1.0",
            author: "user",
            state: state,
            tasks: tasks,
            message: message,
            failure: failure,
            created: .sample,
            ended: state.isFinal ? .sample + .milliseconds(12_340) : nil
        )
    }
}

extension ChangeTask {
    static func unpack(_ state: String, _ done: Int64? = nil) -> ChangeTask {
        ChangeTask(
            name: "unpack",
            title: "unpack kasa-1.1.0.tar.gz",
            state: state,
            progress: done.map { Progress(done: $0, total: 4_194_304) }
        )
    }

    static func observe(_ state: String, _ done: Int64? = nil) -> ChangeTask {
        ChangeTask(
            name: "observe",
            title: "see whether it stays well",
            state: state,
            progress: done.map { Progress(done: $0, total: 10_000, unit: "milliseconds") }
        )
    }
}
