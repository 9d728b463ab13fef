import HostAPI
import Hummingbird

extension Routes {
    /// The numbered changes of what the host holds.
    func addChangeRoutes(_ host: some Host, keepAlive: Duration) {
        on(.post, "changes") { call throws(Failure) in
            try await host.begin(call.body(ChangeRequest.self).checked())
        }
        on(.get, "changes", query: "plugin", "limit") { call throws(Failure) in
            try await host.changes(
                ChangesQuery(
                    plugin: call.query.text("plugin"),
                    limit: call.query.integer("limit", in: 1...1_000, default: 50)
                )
            )
        }
        on(.get, "changes/:number") { call throws(Failure) in try await host.change(call.changeNumber()) }
        on(.post, "changes/:number/abort") { call throws(Failure) in
            try await host.abortChange(call.changeNumber())
        }
        onGet("changes/:number/watch") { call throws(Failure) in
            let changes = try await host.watchChange(call.changeNumber())
            return EventStream(messages: changes, keepAlive: keepAlive, logger: call.logger)
                .response(to: call.request)
        }
    }
}

extension Call {
    fileprivate func changeNumber() throws(Failure) -> Int64 {
        let text = try part("number")
        guard let number = Int64(text), number > 0 else {
            throw Failure(
                .invalidArgument,
                "A change is a whole number from 1, not \"\(text.excerpt)\".",
                hint: "`hostctl changes` lists them."
            )
        }
        return number
    }
}

extension ChangeRequest {
    /// What can be asked for; the other kinds have routes of their own.
    private static let kinds: [ChangeKind] = [
        .install, .upgrade, .rollback, .uninstall, .pin, .unpin, .link, .unlink, .adopt,
    ]

    /// - Throws: `invalid-argument` for a kind that is none, and a source that means nothing to the host.
    fileprivate func checked() throws(Failure) -> ChangeRequest {
        guard Self.kinds.contains(kind) else {
            let all = Self.kinds.map(\.rawValue)
            throw Failure(
                .invalidArgument,
                "The member \"kind\" is \"\(kind.rawValue.excerpt)\", which is no kind of change to ask for.",
                hint: Suggestion.nearest(to: kind.rawValue, among: all).map { "Did you mean \"\($0)\"?" }
                    ?? "The kinds are \(all.joined(separator: ", "))."
            )
        }
        if let source, !source.hasPrefix("/") {
            // The host's working directory is none of the client's business.
            throw Failure(
                .invalidArgument,
                "The member \"source\" has to be an absolute path, it is \"\(source.excerpt)\"."
            )
        }
        return self
    }
}
