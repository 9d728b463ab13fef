import HostAPI
import Manifests
import Runtime

/// Every value that the schema allows is taken, or refused with a reason.
struct SettingsValuesCheck: Check {
    static let timeLimit: Duration = .seconds(12)

    let name = "settings-values"
    let group = CheckGroup.settings
    let purpose = "start takes every value at the edge of what the schema allows, or says why not"
    let need = Need.answering

    func verdict(on bench: Bench) async -> Verdict {
        let variations = bench.variations
        guard !variations.isEmpty else { return .skipped("there is no setting that could be another") }
        let deadline = min(bench.deadline, ContinuousClock.now + Self.timeLimit)
        var tried = 0
        let failure = await bench.withSession { session -> String? in
            for variation in variations where ContinuousClock.now < deadline {
                tried += 1
                if let failure = await Self.try(variation, session) { return "\(variation.shown): \(failure)" }
            }
            return nil
        }
        guard let failure else { return .skipped("no worker could be started") }
        guard let failure else { return .passed("\(tried) of \(variations.count) documents") }
        return .failed(
            failure,
            mend: "narrow the schema (minimum, maximum, maxLength, pattern), or refuse with HEARTH_INVALID_SETTINGS"
        )
    }

    private static func `try`(_ variation: SettingsVariation, _ session: Session) async -> String? {
        let start = await session.start(variation.document)
        if let silence = start.silence { return "start \(silence)" }
        if let answer = start.answer, answer.status != .ok {
            if !answer.status.isAboutSomethingElse { return "start answers \(start.words)" }
            if answer.message.isEmpty { return "start answers \(start.words), and does not say why" }
        }
        let stop = await session.stop()
        return stop.isOK ? nil : "the stop afterwards \(stop.silence ?? "answers \(stop.words)")"
    }
}

/// New settings are taken while it runs, as far as the schema promises.
struct SettingsApplyCheck: Check {
    /// Of each restart scope.
    private static let count = 8

    let name = "settings-apply"
    let group = CheckGroup.settings
    let purpose = "new settings below x-restart: plugin are taken while it runs, or refused with a reason"
    let need = Need.running

    func verdict(on bench: Bench) async -> Verdict {
        let variations = [RestartScope.hot, .stream, .client].flatMap { scope in
            bench.variations.filter { $0.change.scope == scope }.prefix(Self.count)
        }
        guard let schema = bench.manifest?.settings, !variations.isEmpty else {
            return .skipped("no setting has an x-restart below plugin")
        }
        let deadline = min(bench.deadline, ContinuousClock.now + SettingsValuesCheck.timeLimit)
        let base = bench.settings
        let verdict = await bench.withStartedSession { session -> Verdict in
            for variation in variations where ContinuousClock.now < deadline {
                let outcome = await session.apply(variation.document, variation.change)
                if outcome.answer?.status == .unsupported { return Self.unsupported(outcome) }
                if let failure = Self.failure(outcome) { return Self.failed(variation, failure) }
                guard outcome.isOK else { continue }
                let back = await session.apply(base, schema.diff(old: variation.document, new: base))
                if let failure = Self.failure(back) { return Self.failed(variation, "on the way back, \(failure)") }
            }
            return .passed()
        }
        return verdict ?? .skipped("no worker could be started")
    }

    private static func failure(_ outcome: CallOutcome) -> String? {
        if let silence = outcome.silence { return "apply_settings \(silence)" }
        guard let answer = outcome.answer, answer.status != .ok else { return nil }
        if answer.status == .internalError { return "apply_settings answers \(outcome.words)" }
        return answer.message.isEmpty ? "apply_settings answers \(outcome.words), and does not say why" : nil
    }

    private static func failed(_ variation: SettingsVariation, _ failure: String) -> Verdict {
        .failed(
            "\(variation.shown): \(failure)",
            mend: "take the settings, or keep the old ones and answer with a class and a sentence"
        )
    }

    private static func unsupported(_ outcome: CallOutcome) -> Verdict {
        .warning(
            "apply_settings answers \(outcome.words), so each change restarts the plugin",
            mend: "add apply_settings to the table, or leave x-restart out of the manifest"
        )
    }
}

/// Settings that it cannot know do not end it.
struct SettingsUnknownCheck: Check {
    let name = "settings-unknown"
    let group = CheckGroup.settings
    let purpose = "keys that it does not know, or misses, do not crash it; nor do values of another type"
    let need = Need.answering

    func verdict(on bench: Bench) async -> Verdict {
        guard let schema = bench.manifest?.settings else { return .skipped(Need.manifest.excuse) }
        let base = bench.settings
        let mend = "an older or newer manifest may have given these settings: check each value before it is used"
        if let failure = await Self.failure(with: Self.otherKeys(bench), base, schema, bench) {
            return .failed(failure, mend: mend)
        }
        if let failure = await Self.failure(with: Self.otherTypes(bench), base, schema, bench) {
            return .warning(failure, mend: mend)
        }
        return .passed()
    }

    private typealias Document = (what: String, settings: JSONValue)

    private static func failure(
        with documents: [Document],
        _ base: JSONValue,
        _ schema: SettingsSchema,
        _ bench: Bench
    ) async -> String? {
        await bench.withSession { session -> String? in
            for (what, settings) in documents {
                let start = await session.start(settings)
                if let silence = start.silence { return "start with \(what) \(silence)" }
                let stop = await session.stop()
                if !stop.isOK { return "stop after start with \(what) \(stop.silence ?? "answers \(stop.words)")" }
            }
            guard await session.start(base).isOK else { return nil }
            for (what, settings) in documents {
                let outcome = await session.apply(settings, schema.diff(old: base, new: settings))
                if let silence = outcome.silence { return "apply_settings with \(what) \(silence)" }
            }
            return nil
        } ?? nil
    }

    /// What a host would send for another version's manifest.
    private static func otherKeys(_ bench: Bench) -> [Document] {
        let base = bench.settings
        let nested = (0..<40).reduce(JSONValue.null) { inner, _ in .array([inner]) }
        return [
            ("no defaults", bench.bareSettings),
            ("an unknown key", base.replacing(["from_a_newer_version"], with: .object(["a": .array([.integer(1)])]))),
            ("a long text", base.replacing(["long"], with: .string(String(repeating: "x", count: 200_000)))),
            ("deep nesting", base.replacing(["deep"], with: nested)),
        ]
    }

    /// What no host sends, as it keeps to the schema.
    private static func otherTypes(_ bench: Bench) -> [Document] {
        let base = bench.settings
        let names = (base.objectValue ?? [:]).keys.filter { bench.bareSettings[$0] == nil }.sorted()
        return names.prefix(12).flatMap { name in
            [JSONValue.null, .array([]), .string(""), .integer(-1)].map { value in
                ("/\(name) = \(value.text)", base.replacing([name], with: value))
            }
        }
    }
}

extension Bench {
    /// Settings that differ in one place from those that it starts with.
    var variations: [SettingsVariation] {
        guard let schema = manifest?.settings else { return [] }
        return SettingsVariation.all(of: schema, base: settings, fixed: givenSettings)
    }
}
