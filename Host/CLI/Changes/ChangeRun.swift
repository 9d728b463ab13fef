import HostAPI

/// One change as its user lives through it: told what it will do, asked where that reaches far, and shown how it goes.
struct ChangeRun<SomeHost: Host> {
    let host: SomeHost
    let output: Output
    /// Only says what would be done.
    var isDryRun = false
    /// Stays until the change has ended.
    var waits = true
    /// The user agrees beforehand to what the plugin asks for.
    var isAgreed = false

    /// Returns the plan with the change as it was last seen; `ChangePlan.check` tells whether it succeeded.
    func carryOut(_ request: ChangeRequest) async throws(Failure) -> ChangePlan {
        let preview = try await preview(request)
        if isDryRun {
            let plan = if let preview { preview } else { try await host.begin(request.dry) }
            if output.format.isForPeople { output.data(plan.description.text(isColoured: output.isColoured)) }
            return plan
        }
        if let lines = preview?.permissions?.permissionLines, !lines.isEmpty {
            tell("It may, and nothing else:")
            for line in lines { tell("  \(line)") }
        }
        var request = request
        request.isConsented = isAgreed
        do {
            return try await attempt(request)
        } catch let error where error.code == .needsConsent && !request.isConsented {
            try Consent(failure: error, permissions: preview?.permissions).ask(output)
        }
        request.isConsented = true
        return try await attempt(request)
    }

    /// Begins the change and stays with it to its end.
    ///
    /// - Throws: `needs-consent` at once, or when the package is there only as the change goes on, after it was undone.
    private func attempt(_ request: ChangeRequest) async throws(Failure) -> ChangePlan {
        var plan = try await host.begin(request)
        guard let change = plan.change else {
            tell("\(plan.summary.withoutPeriod).")
            return plan
        }
        guard waits || change.state.isFinal else {
            tell("Change \(change.number) has begun: \(change.summary). To follow it: hostctl watch \(change.number)")
            return plan
        }
        let end = change.state.isFinal ? change : try await ChangeWatch(output: output).follow(change, on: host)
        if let failure = end.failure, failure.code == .needsConsent { throw failure }
        if end.state == .done { await conclude(end) }
        plan.change = end
        return plan
    }

    /// What the change would do, for those that bring in code.
    private func preview(_ request: ChangeRequest) async throws(Failure) -> ChangePlan? {
        guard [.install, .upgrade, .link].contains(request.kind) else { return nil }
        return try await host.begin(request.dry)
    }

    /// Says what came of it, how the plugin is, and what to type next.
    private func conclude(_ change: Change) async {
        guard change.startsPlugin, let plugin = try? await host.plugin(change.plugin).summary, plugin.needsAttention
        else { return tell("\(change.conclusion). \(change.advice)") }
        output.warn("\(change.conclusion). \(plugin.advice ?? change.advice)")
    }

    private func tell(_ sentence: String) {
        if output.format.isForPeople { output.say(sentence) }
    }
}

extension ChangeRequest {
    /// The same, only to see what it would do. Consent is part of that, because nothing is done.
    fileprivate var dry: ChangeRequest {
        var request = self
        request.isDryRun = true
        request.isConsented = true
        return request
    }
}

extension ChangePlan {
    /// - Throws: `undone` with the reason if the change was.
    func check() throws(Failure) {
        if let change, change.state == .undone { throw change.undoing }
    }
}
