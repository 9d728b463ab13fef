package import HostAPI

/// The routes that change what the host holds.
extension HTTPHost {
    package func begin(_ request: ChangeRequest) async throws(Failure) -> ChangePlan {
        // What a package asks for is known only when the host has fetched and unpacked it.
        try await answer(
            Request(
                method: .post,
                path: ["changes"],
                body: try Self.encode(request),
                patience: .total(.seconds(600))
            )
        )
    }

    package func changes(_ query: ChangesQuery) async throws(Failure) -> [Change] {
        try await answer(
            Request(path: ["changes"], query: [("plugin", query.plugin), ("limit", String(query.limit))])
        )
    }

    package func change(_ number: Int64) async throws(Failure) -> Change {
        try await answer(Request(path: ["changes", String(number)]))
    }

    package func watchChange(_ number: Int64) async throws(Failure) -> AsyncThrowingStream<Change, any Error> {
        try await stream(Request(path: ["changes", String(number), "watch"]))
    }

    package func abortChange(_ number: Int64) async throws(Failure) -> Change {
        try await answer(Request(method: .post, path: ["changes", String(number), "abort"]))
    }

    package func reconcile(_ request: ReconcileRequest) async throws(Failure) -> ReconcileReport {
        try await answer(
            Request(
                method: .post,
                path: ["reconcile"],
                body: try Self.encode(ReconcileBody(request)),
                patience: .installations
            )
        )
    }

    package func diffHome(_ document: HomeDocument) async throws(Failure) -> HomeReport {
        try await answer(
            Request(
                method: .post,
                path: ["home", "diff"],
                body: try Self.encode(document),
                patience: .total(.seconds(60))
            )
        )
    }

    package func applyHome(_ document: HomeDocument) async throws(Failure) -> HomeReport {
        try await answer(
            Request(method: .post, path: ["home", "apply"], body: try Self.encode(document), patience: .installations)
        )
    }

    package func exportHome() async throws(Failure) -> String {
        try await (answer(Request(path: ["home", "export"])) as HomeText).text
    }

    package func search(_ words: String?) async throws(Failure) -> Catalogue {
        try await answer(Request(path: ["catalogue"], query: [("words", words)]))
    }
}

extension Request.Patience {
    /// Many plugins may be fetched, tried and started. A host that ends meanwhile is noticed at once all the same.
    fileprivate static let installations = Request.Patience.total(.seconds(3_600))
}

/// A request for a pass, as it is on the wire.
private struct ReconcileBody: Encodable {
    let force: Bool
    let dryRun: Bool
    let plugins: [String]

    init(_ request: ReconcileRequest) {
        force = request.isForced
        dryRun = request.isDryRun
        plugins = request.plugins
    }
}

private struct HomeText: Decodable {
    let text: String
}
