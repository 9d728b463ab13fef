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
        if isDryRun { return try await rehearse(request) }
        var request = request
        request.isConsented = isAgreed
        if [.install, .upgrade, .link].contains(request.kind), try await mayDo(request) { request.isConsented = true }
        do {
            return try await attempt(request)
        } catch let error where error.code == .needsConsent && !request.isConsented {
            // Only the fetched package has told what it wants.
            try Consent(refusal: error, plan: nil).ask(output)
        }
        request.isConsented = true
        return try await attempt(request)
    }

    /// Says what would be done.
    private func rehearse(_ request: ChangeRequest) async throws(Failure) -> ChangePlan {
        let (plan, refusal) = try await preview(request)
        guard output.format.isForPeople else { return plan }
        output.data(plan.description.text(isColoured: output.isColoured))
        if refusal != nil { output.say("You would be asked whether you agree to that.") }
        return plan
    }

    /// Says what the plugin may do then, and asks for consent where the host wants it.
    ///
    /// - Returns: Whether the user has agreed to it.
    private func mayDo(_ request: ChangeRequest) async throws(Failure) -> Bool {
        let (plan, refusal) = try await preview(request)
        if let refusal {
            try Consent(refusal: refusal, plan: plan).ask(output)
            return true
        }
        if let lines = plan.permissions?.permissionWords, !lines.isEmpty {
            tell("It may, and nothing else:")
            for line in lines { tell("  \(line)") }
        }
        return isAgreed
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

    /// What the change would do, and why the host would refuse it before the user has agreed.
    private func preview(_ request: ChangeRequest) async throws(Failure) -> (plan: ChangePlan, refusal: Failure?) {
        var dry = request
        dry.isDryRun = true
        dry.isConsented = isAgreed
        do {
            return (try await host.begin(dry), nil)
        } catch let error where error.code == .needsConsent && !isAgreed {
            dry.isConsented = true
            return (try await host.begin(dry), error)
        }
    }

    /// Says what came of it, how the plugin is, and what to type next.
    private func conclude(_ change: Change) async {
        guard change.startsPlugin, let plugin = try? await host.plugin(change.plugin).summary, plugin.needsAttention
        else { return tell(change.conclusion(with: change.advice)) }
        output.warn(change.conclusion(with: plugin.advice ?? change.advice))
    }

    private func tell(_ sentence: String) {
        if output.format.isForPeople { output.say(sentence) }
    }
}

extension ChangePlan {
    /// - Throws: `undone` with the reason if the change was.
    func check() throws(Failure) {
        if let change, change.state == .undone { throw change.undoing }
    }
}
