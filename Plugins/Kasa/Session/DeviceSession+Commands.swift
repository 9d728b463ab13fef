import PluginKit

extension DeviceSession {
    /// Carries out a user's command, however often the same was done before.
    ///
    /// The newest command about a thing counts: one that is still under way for the same thing ends, and nothing that it
    /// hears afterwards has any effect.
    ///
    /// `device` is the id of this device or of one of its outlets. The user gets to see what is returned.
    /// - Throws: `PluginError`.
    func perform(_ command: Command, on device: String, policy: CommandPolicy) async throws -> JSON {
        let outlet = snapshot.info.outlets?.first { snapshot.info.identity(of: $0) == device }
        let name = settings.devices[device]?.name ?? (outlet == nil ? name : outlet?.alias ?? device)
        let order = try Order(
            command: command.name,
            arguments: command.arguments,
            abilities: outlet == nil ? snapshot.abilities : .outlet,
            deviceName: name
        )
        for running in commands.values where running.concerns(order.subject, outlet: outlet?.id) {
            running.task.cancel()
        }
        commandCount += 1
        let target = CommandTarget(number: commandCount, device: device, name: name, command: command.name)
        reporter.record(target.entry(.command(arguments: command.arguments), at: time.now))

        // A task of its own, because a newer command must be able to end it.
        let task = Task { try await self.carryOut(order, outlet: outlet?.id, target, policy) }
        commands[target.number] = RunningCommand(order: order, outlet: outlet?.id, task: task)
        defer {
            commands[target.number] = nil
            // What the command changed beside its goal, such as the power, is worth a look.
            if commands.isEmpty { wake() }
        }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func carryOut(
        _ order: Order,
        outlet: String?,
        _ target: CommandTarget,
        _ policy: CommandPolicy
    ) async throws -> JSON {
        let start = time.uptime
        var run = CommandRun(order, outlet: outlet, policy: policy)
        async let _ = interruptPolling()
        do {
            let outcome = try await follow(&run, target, policy)
            return try conclude(outcome, order, target, after: time.uptime - start)
        } catch is CancellationError {
            let isSuperseded = commands.contains { number, other in
                number > target.number && other.concerns(order.subject, outlet: outlet)
            }
            let result = ActivityResult(
                outcome: isSuperseded ? .superseded : .cancelled,
                attempts: run.attempt,
                duration: time.uptime - start
            )
            reporter.record(target.entry(.result(result), at: time.now))
            throw target.cancellation(isSuperseded: isSuperseded)
        }
    }

    /// Takes the steps of a run, one after another.
    ///
    /// - Throws: `CancellationError` once the task is cancelled; nothing that was heard has any effect from then on.
    private func follow(
        _ run: inout CommandRun,
        _ target: CommandTarget,
        _ policy: CommandPolicy
    ) async throws -> CommandRun.Outcome {
        var step = run.start()
        while true {
            do throws(ExchangeError) {
                switch step {
                case .wait(let pause), .settle(let pause):
                    do { try await time.sleep(for: pause) } catch { throw .cancelled }
                    step = run.waited()
                case .contact:
                    let info = try await readState(for: target, within: policy.contact)
                    reporter.initialState(target, isOn: info.isOn(outlet: run.outlet))
                    step = run.contacted(info)
                case .send(let queries):
                    for query in queries {
                        let answer = try await link.ask(query, within: policy.contact)
                        for index in query.calls.indices { _ = try answer.value(index) }
                    }
                    step = run.sent()
                case .verify:
                    step = run.verified(try await readState(for: target, within: policy.verify))
                case .finish(let outcome):
                    return outcome
                }
            } catch {
                try Task.checkCancellation()
                step = run.failed(.exchange(error))
            }
            try Task.checkCancellation()
            if let failure = run.takeFailure() { reporter.attemptFailed(target, failure) }
        }
    }

    private func readState(for target: CommandTarget, within limit: Duration) async throws(ExchangeError) -> SystemInfo
    {
        let (info, answer) = try await readState(within: limit)
        if Task.isCancelled { throw .cancelled }
        take(Snapshot(info: info), from: answer)
        return info
    }

    private func conclude(
        _ outcome: CommandRun.Outcome,
        _ order: Order,
        _ target: CommandTarget,
        after duration: Duration
    ) throws(PluginError) -> JSON {
        switch outcome {
        case .confirmed(let attempts):
            let result = ActivityResult(outcome: .confirmed, attempts: attempts, duration: duration)
            reporter.record(target.entry(.result(result), at: time.now))
            reporter.obedience(obedience[target.device, default: .init()].observe(success: true), target, problem: "")
            return [
                "outcome": "confirmed", "attempts": JSON(attempts),
                "duration_ms": .integer(Int64(duration / .milliseconds(1))),
            ]
        case .failed(let attempts, let failure):
            let result = ActivityResult(
                outcome: .failed,
                attempts: attempts,
                duration: duration,
                error: failure.description
            )
            reporter.record(target.entry(.result(result), at: time.now))
            reporter.obedience(
                obedience[target.device, default: .init()].observe(success: false),
                target,
                problem: failure.description
            )
            if failure.leavesStateUnknown {
                reporter.publish([Reading(target.device, order.subject.quantity.rawValue, .unknown, at: time.now)])
            }
            throw failure.pluginError(of: target, attempts: attempts)
        }
    }
}

extension Order.Subject {
    /// What readings show of it.
    fileprivate var quantity: Quantity {
        switch self {
        case .light: .on
        case .statusLight: .led
        }
    }
}

extension CommandFailure {
    fileprivate func pluginError(of target: CommandTarget, attempts: Int) -> PluginError {
        let tries = attempts == 1 ? "1 attempt" : "\(attempts) attempts"
        return PluginError(
            isWorthAnotherAttempt ? .retryable : .permanent,
            "“\(target.name)”: \(target.command) failed after \(tries): \(self)"
        )
    }
}
