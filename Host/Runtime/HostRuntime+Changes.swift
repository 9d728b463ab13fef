package import HostAPI
import Installation
import Reconcile
import Registry
import Store

/// The live host: changes of what is installed, and passes.
extension HostRuntime {
    package func begin(_ request: ChangeRequest) async throws(Failure) -> ChangePlan {
        if let plugin = request.plugin {
            try await ownership.permit(Ownership.pointers(of: request), of: plugin)
        }
        if request.kind == .link { return try await links.begin(request, author: "user") }
        return try await installer.begin(try await resolved(request), author: "user")
    }

    /// A plugin that waits in the drop-in directory for the user's consent is meant before the registry's.
    private func resolved(_ request: ChangeRequest) async throws(Failure) -> ChangeRequest {
        guard request.kind == .install, request.source == nil, let plugin = request.plugin else { return request }
        let waiting = try await services.dropIns().first { row in
            row.plugin == plugin && row.state == .needsConsent && (request.version ?? row.version) == row.version
        }
        guard let waiting else { return request }
        var request = request
        request.source = "\(layout.dropInDirectory)/\(waiting.name)"
        return request
    }

    package func changes(_ query: ChangesQuery) async throws(Failure) -> [Change] {
        guard (1...1_000).contains(query.limit) else {
            throw Failure(.invalidArgument, "the limit \(query.limit) is not within 1 to 1000")
        }
        return try await installer.changes(query)
    }

    package func change(_ number: Int64) async throws(Failure) -> Change {
        try await installer.change(number)
    }

    package func watchChange(_ number: Int64) async throws(Failure) -> AsyncThrowingStream<Change, any Error> {
        try await installer.watch(number)
    }

    package func abortChange(_ number: Int64) async throws(Failure) -> Change {
        try await installer.abort(number)
    }

    package func reconcile(_ request: ReconcileRequest) async throws(Failure) -> ReconcileReport {
        if request.isForced, !request.isDryRun { await dropIns.tryAgain() }
        let report = try await reconciler.pass(request, looksClosely: request.isForced || !request.plugins.isEmpty)
        guard request.isForced, !request.isDryRun else { return report }
        let left = try await dropIns.failures().filter {
            request.plugins.isEmpty || request.plugins.contains($0.plugin)
        }
        return ReconcileReport(
            findings: report.findings + left,
            isDryRun: false,
            milliseconds: report.milliseconds
        )
    }

    package func search(_ words: String?) async throws(Failure) -> Catalogue {
        guard let client = registry.client else { throw RegistrySwitch.none }
        var catalogue = await client.search(words: words)
        let installed = try await services.installedPlugins()
        let versions = Dictionary(installed.map { ($0.id, $0.version.version) }) { first, _ in first }
        for index in catalogue.entries.indices {
            catalogue.entries[index].installedVersion = versions[catalogue.entries[index].id]
        }
        return catalogue
    }

    /// A step of a change: everybody who follows the host's events sees it.
    func changed(_ change: Change) {
        guard let kind = Self.eventKind(change) else { return }
        services.events.publish(
            kind,
            plugin: change.plugin,
            "change \(change.number), \(change.summary): \(change.message.isEmpty ? change.state.rawValue : change.message)",
            data: .object(["number": .integer(change.number), "state": .string(change.state.rawValue)])
        )
        guard change.state.isFinal else { return }
        services.logs.note(
            change.plugin,
            change.state == .done ? .info : .error,
            "change \(change.number), \(change.summary): \(change.failure?.description ?? change.message)"
        )
        links.changed(change)
        Task { await dropIns.changed(change) }
        // What was not installed because of the pin may be now.
        if change.kind == .unpin { dropIns.lookAtEverything() }
        // Who switches a plugin on or off starts or stops it right after this: a look would only come in between.
        if change.kind != .enable, change.kind != .disable { reconciler.mark(change.plugin) }
    }

    /// Steps within a change are for those who watch it.
    private static func eventKind(_ change: Change) -> String? {
        if change.state.isFinal { return "change.\(change.state.rawValue)" }
        let isBeginning = change.tasks.allSatisfy { $0.state == "waiting" }
        return isBeginning && change.state == .doing ? "change.begun" : nil
    }
}
