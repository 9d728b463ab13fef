import HostAPI
import Runtime

/// Stop works from every state.
struct StopCheck: Check {
    let name = "stop"
    let group = CheckGroup.life
    let purpose = "stop succeeds within 5 s from every state: right after start, after a failed start, twice"
    let need = Need.answering

    func verdict(on bench: Bench) async -> Verdict {
        let settings = bench.settings
        let failure = await bench.withSession { session -> String? in
            let atOnce = await session.startAndStop(settings)
            if !atOnce.isOK { return complaint("stop in the middle of start", atOnce) }
            let again = await session.stop()
            if !again.isOK { return complaint("stop when it is stopped already", again) }

            let restart = await session.start(settings)
            if let silence = restart.silence { return "start after such a stop \(silence)" }
            let usual = await session.stop()
            if !usual.isOK { return complaint("stop right after start", usual) }

            let bare = await session.start(bench.bareSettings)
            if let silence = bare.silence { return "start without the defaults \(silence)" }
            let afterBare = await session.stop()
            return afterBare.isOK ? nil : complaint("stop after start without the defaults", afterBare)
        }
        guard let failure else { return .skipped("no worker could be started") }
        guard let failure else { return .passed() }
        return .failed(
            failure,
            mend: "stop must cancel and wait for whatever start began, and answer HEARTH_OK if there is nothing"
        )
    }

    private func complaint(_ what: String, _ outcome: CallOutcome) -> String {
        "\(what) \(outcome.silence ?? "answers \(outcome.words)")"
    }
}

/// A worker more than one finds things as the last one left them.
struct ProcessesCheck: Check {
    let name = "processes"
    let group = CheckGroup.life
    let purpose = "the plugin starts in one process after the other, with its state and files as it left them"
    let need = Need.answering

    func verdict(on bench: Bench) async -> Verdict {
        for number in 1...3 where bench.hasTime {
            let failure = await bench.withSession { session -> String? in
                let start = await session.start(bench.settings)
                if start.isOK != (bench.start?.outcome?.isOK ?? start.isOK) { return "start answers \(start.words)" }
                let stop = await session.stop()
                return stop.isOK ? nil : "stop \(stop.silence ?? "answers \(stop.words)")"
            }
            guard let failure else { return .skipped("no worker could be started") }
            if let failure {
                return .failed(
                    "process \(number) of 3: \(failure)",
                    mend:
                        "start must cope with what an earlier process has stored, and with a port that was just in use"
                )
            }
        }
        return .passed()
    }
}

/// The worker ends when it is told to.
struct ExitCheck: Check {
    let name = "exit"
    let group = CheckGroup.life
    let purpose = "the process ends when it is told to, after a stop and without one"
    let need = Need.answering

    func verdict(on bench: Bench) async -> Verdict {
        for isStopped in [true, false] {
            let ending = await bench.withStartedSession { session in
                if isStopped { _ = await session.stop() }
                return await session.exit(within: .seconds(isStopped ? 3 : 7))
            }
            guard let ending else { return .skipped("no worker could be started") }
            let when = isStopped ? "after stop" : "without a stop before"
            guard let ending else {
                return .failed("\(when) the process does not end", mend: "destroy must not wait for anything")
            }
            guard ending == .status(0) else {
                return .failed(
                    "\(when) the process ends with \(ending)",
                    mend: "destroy must free what create made, once"
                )
            }
        }
        return .passed()
    }
}

/// SIGTERM ends the worker.
struct TerminationCheck: Check {
    let name = "sigterm"
    let group = CheckGroup.life
    let purpose = "SIGTERM ends the process within 2 s"
    let need = Need.answering

    func verdict(on bench: Bench) async -> Verdict {
        let ending = await bench.withStartedSession { await $0.terminate(within: .seconds(2)) }
        guard let ending else { return .skipped("no worker could be started") }
        guard ending != nil else {
            return .failed(
                "the process still runs 2 s after SIGTERM",
                mend: "leave signals alone: they belong to the worker's host"
            )
        }
        return .passed()
    }
}

/// After stop there is silence.
struct QuietCheck: Check {
    let name = "quiet"
    let group = CheckGroup.life
    let purpose = "nothing is reported any more once stop has answered"
    let need = Need.running

    func verdict(on bench: Bench) async -> Verdict {
        let records = await bench.withStartedSession { session -> (Record, Record)? in
            try? await Task.sleep(for: .milliseconds(200))
            guard await session.stop().isOK else { return nil }
            // Readings travel together for 20 ms; what was said before may still arrive.
            try? await Task.sleep(for: .milliseconds(200))
            let before = await session.record
            try? await Task.sleep(for: .milliseconds(600))
            return (before, await session.record)
        }
        guard let records, let (before, after) = records else { return .skipped("stop does not answer") }
        let mend = "stop must end all threads, timers and tasks, and wait for them"
        if after.activityCount > before.activityCount {
            return .failed("it still reports \(after.lastActivity) after stop", mend: mend)
        }
        if after.logCount > before.logCount { return .warning("it still writes to its log after stop", mend: mend) }
        return .passed()
    }
}
