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
        var plan = try await begin(request, permissions: preview?.permissions)
        guard let change = plan.change else {
            tell("\(plan.summary.withoutPeriod).")
            return plan
        }
        guard waits || change.state.isFinal else {
            tell("Change \(change.number) has begun: \(change.summary). To follow it: hostctl watch \(change.number)")
            return plan
        }
        let end = change.state.isFinal ? change : try await ChangeWatch(output: output).follow(change, on: host)
        plan.change = end
        if end.state == .done { await conclude(end) }
        return plan
    }

    /// What the change would do, for those that bring in code.
    private func preview(_ request: ChangeRequest) async throws(Failure) -> ChangePlan? {
        guard [.install, .upgrade, .link].contains(request.kind) else { return nil }
        return try await host.begin(request.dry)
    }

    /// Begins it, and asks the user first where the host wants that.
    private func begin(_ request: ChangeRequest, permissions: JSONValue?) async throws(Failure) -> ChangePlan {
        var request = request
        request.isConsented = isAgreed
        do {
            return try await host.begin(request)
        } catch  where error.code == .needsConsent {
            try Consent(failure: error, permissions: permissions).ask(output)
        }
        request.isConsented = true
        return try await host.begin(request)
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
