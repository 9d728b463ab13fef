import HostAPI
import Manifests
import Runtime

/// What it cannot do is refused.
struct CommandsCheck: Check {
    private static let unknown = "no-such-command"

    let name = "commands"
    let group = CheckGroup.commands
    let purpose = "commands that it does not have, and bad arguments, are refused with a class and a sentence"
    let need = Need.running

    func verdict(on bench: Bench) async -> Verdict {
        guard let manifest = bench.manifest else { return .skipped(Need.manifest.excuse) }
        let verdict = await bench.withStartedSession { session -> Verdict in
            // Devices that are announced right away; the others are not waited for.
            try? await Task.sleep(for: .milliseconds(200))
            var warning: Verdict?
            for trial in Self.trials(manifest, devices: await session.record.devices) {
                let outcome = await session.command(trial.name, device: trial.device, arguments: trial.arguments)
                switch Self.judge(outcome, trial.what) {
                case .passed, .skipped: break
                case .warning(let reason, let mend): warning = warning ?? .warning(reason, mend: mend)
                case .failed(let reason, let mend): return .failed(reason, mend: mend)
                }
            }
            return warning ?? .passed()
        }
        return verdict ?? .skipped("no worker could be started")
    }

    private struct Trial {
        var what: String
        var name: String
        var device = ""
        var arguments = JSONValue.object([:])
    }

    private static func trials(_ manifest: Manifest, devices: [String: [String: JSONValue]]) -> [Trial] {
        var trials = [
            Trial(what: "an unknown command", name: unknown),
            Trial(
                what: "an unknown command with arguments",
                name: unknown,
                arguments: .object(["a": .array([.null, .string("\"\n")])])
            ),
            Trial(what: "a command of an unknown device", name: unknown, device: "no-such-device"),
        ]
        for command in manifest.commands {
            if let arguments = badArguments(command.arguments) {
                trials.append(
                    Trial(what: "\(command.name) without its arguments", name: command.name, arguments: arguments)
                )
            }
        }
        for (id, device) in devices.sorted(by: { $0.key < $1.key }).prefix(2) {
            trials.append(Trial(what: "an unknown command of the device \(id)", name: unknown, device: id))
            for command in device["commands"]?.arrayValue ?? [] {
                guard let name = command["name"]?.stringValue, let text = command["arguments"]?.text,
                    let schema = try? SettingsSchema(parsing: text, file: "arguments"),
                    let arguments = badArguments(schema)
                else { continue }
                trials.append(
                    Trial(what: "\(name) of \(id) without its arguments", name: name, device: id, arguments: arguments)
                )
            }
        }
        return trials
    }

    /// Arguments that cannot be carried out. Nil where everything might be: no command is carried out by a check.
    private static func badArguments(_ schema: SettingsSchema) -> JSONValue? {
        guard case .object(let rules) = schema.shape else { return nil }
        let open = rules.required.filter { rules.properties[$0]?.defaultValue == nil }
        return open.isEmpty ? nil : .object([:])
    }

    private static func judge(_ outcome: CallOutcome, _ what: String) -> Verdict {
        let mend =
            "answer HEARTH_UNSUPPORTED for a command that there is not, HEARTH_INVALID for bad arguments, and a sentence"
        if let silence = outcome.silence { return .failed("\(what): command \(silence)", mend: outcome.mend) }
        guard let answer = outcome.answer else { return .passed() }
        if answer.status == .ok { return .failed("\(what) is answered with ok", mend: mend) }
        if answer.status == .internalError || answer.message.isEmpty {
            let addition = answer.message.isEmpty ? ", without a sentence" : ""
            return .failed("\(what) is answered with \(outcome.words)\(addition)", mend: mend)
        }
        if answer.status == .retryable {
            return .warning("\(what) is answered with \(outcome.words): whoever asked will try again", mend: mend)
        }
        return .passed()
    }
}

/// It says how it is.
struct HealthCheck: Check {
    let name = "health"
    let group = CheckGroup.commands
    let purpose = "health answers within 5 s with a JSON object"
    let need = Need.running

    func verdict(on bench: Bench) async -> Verdict {
        guard let outcome = await bench.withStartedSession({ await $0.health() }) else {
            return .skipped("no worker could be started")
        }
        let mend = "give a JSON object of figures worth knowing, or leave health out of the table"
        if let silence = outcome.silence { return .failed("health \(silence)", mend: outcome.mend) }
        guard outcome.isOK else {
            let isBug = outcome.answer?.status == .internalError || outcome.answer?.message.isEmpty == true
            let reason = "health answers \(outcome.words)"
            return isBug ? .failed(reason, mend: mend) : .warning(reason, mend: mend)
        }
        return .passed(outcome.answer?.json.isEmpty == true ? "it says nothing" : "")
    }
}
