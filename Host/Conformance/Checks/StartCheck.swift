import Manifests
import Runtime

/// The plugin starts, or says what it is missing.
struct StartCheck: Check {
    let name = "start"
    let group = CheckGroup.life
    let purpose = "create and start answer within 10 s with the default settings"
    let need = Need.loading

    func verdict(on bench: Bench) async -> Verdict {
        guard let manifest = bench.manifest else { return .skipped(Need.manifest.excuse) }
        let settings = StartingSettings(schema: manifest.settings, given: bench.givenSettings)
        bench.start = Bench.Start(settings: settings)
        guard settings.problems.isEmpty else {
            let problems = settings.problems.map(\.description).joined(separator: "; ")
            return .failed(
                "there are no settings to start it with: \(problems)",
                mend: "write them into a file and give it with --settings FILE, or add examples to the schema"
            )
        }
        let outcome = await bench.withSession { await $0.start(settings.document) }
        guard let outcome else { return .skipped("no worker could be started") }
        bench.start?.outcome = outcome
        return judge(outcome, settings, bench)
    }

    private func judge(_ outcome: CallOutcome, _ settings: StartingSettings, _ bench: Bench) -> Verdict {
        guard let answer = outcome.answer else { return .failed("start \(outcome.words)", mend: outcome.mend) }
        if answer.status == .ok {
            bench.reach(.running)
            guard !settings.invented.isEmpty else { return .passed() }
            return .passed("with made-up values for \(settings.invented.joined(separator: ", "))")
        }
        guard answer.status.isAboutSomethingElse else {
            return .failed("start answers \(outcome.words)", mend: "mend what the message says")
        }
        bench.reach(.answering)
        guard !answer.message.isEmpty else {
            return .failed(
                "start answers \(outcome.words), and does not say why",
                mend: "give a sentence that says what happened and what to do next"
            )
        }
        if answer.status == .retryable || answer.status == .auth {
            return .passed("it waits: \(outcome.words)")
        }
        return .warning(
            "start answers \(outcome.words)",
            mend: "write settings that work into a file and give it with --settings FILE, so that more can be checked"
        )
    }
}
