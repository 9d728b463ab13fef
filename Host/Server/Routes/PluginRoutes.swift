import HostAPI

extension Routes {
    /// The plugins, and what can be done to each of them as a whole.
    func addPluginRoutes(_ host: some Host) {
        on(.get, "plugins") { _ throws(Failure) in try await host.plugins() }
        on(.get, "plugins/:id") { call throws(Failure) in try await host.plugin(call.part("id")) }
        on(.post, "plugins/:id/:action") { call throws(Failure) in
            try await host.control(call.part("id"), call.action())
        }
    }
}

extension Call {
    fileprivate func action() throws(Failure) -> PluginAction {
        let word = try part("action")
        if let action = PluginAction(rawValue: word) { return action }
        let all = PluginAction.allCases.map(\.rawValue)
        throw Failure(
            .invalidArgument,
            "There is no action \"\(word.excerpt)\".",
            hint: Suggestion.nearest(to: word, among: all).map { "Did you mean \"\($0)\"?" }
                ?? "The actions are \(all.joined(separator: ", "))."
        )
    }
}
