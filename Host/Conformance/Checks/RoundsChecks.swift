/// Start and stop can be repeated.
struct RoundsCheck: Check {
    let name = "rounds"
    let group = CheckGroup.life
    let purpose = "start and stop can be repeated 20 times in one process"
    let need = Need.answering

    func verdict(on bench: Bench) async -> Verdict {
        guard let rounds = await bench.rounds() else { return .skipped("no worker could be started") }
        if let failure = rounds.failure {
            return .failed(failure, mend: "stop must leave the plugin as it was before start, whatever start did")
        }
        guard rounds.count == RoundsMeasurement.usualCount else {
            return .warning(
                "there was time for \(rounds.count) of \(RoundsMeasurement.usualCount) rounds only",
                mend: "answer start at once, and connect afterwards; or give the check more time with --time-limit"
            )
        }
        return .passed()
    }
}

/// Each stop ends the threads of its start.
struct ThreadsCheck: Check {
    let name = "threads"
    let group = CheckGroup.life
    let purpose = "the number of threads does not grow from round to round"
    let need = Need.answering

    func verdict(on bench: Bench) async -> Verdict {
        guard let (rounds, before, after) = await bench.comparedRounds() else { return .skipped(tooFewRounds) }
        return growthVerdict(
            from: before.threads,
            to: after.threads,
            rounds: rounds,
            of: "thread",
            mend: "join every thread in stop"
        )
    }
}

/// Each stop closes what its start has opened.
struct DescriptorsCheck: Check {
    let name = "descriptors"
    let group = CheckGroup.life
    let purpose = "the number of open files and sockets does not grow from round to round"
    let need = Need.answering

    func verdict(on bench: Bench) async -> Verdict {
        guard let (rounds, before, after) = await bench.comparedRounds() else { return .skipped(tooFewRounds) }
        var added = after.descriptors
        for known in before.descriptors { if let index = added.firstIndex(of: known) { added.remove(at: index) } }
        return growthVerdict(
            from: before.descriptors.count,
            to: after.descriptors.count,
            rounds: rounds,
            of: "descriptor",
            mend: "close in stop what start has opened" + (added.last.map { "; one of them leads to \($0)" } ?? "")
        )
    }
}

private let tooFewRounds = "there were too few rounds to tell"

/// One more in nearly each round is a leak, one more now and then may be.
private func growthVerdict(from before: Int, to after: Int, rounds: Int, of what: String, mend: String) -> Verdict {
    let growth = after - before
    let sentence = "\(before) \(what)s became \(after) in \(rounds) rounds"
    if growth * 5 >= rounds * 4 { return .failed(sentence, mend: mend) }
    if growth >= 3, growth * 3 >= rounds { return .warning(sentence, mend: mend) }
    return .passed(counted(after, what))
}

extension Bench {
    /// The figures before and after, if there were enough rounds between.
    func comparedRounds() async -> (rounds: Int, before: ProcessFigures, after: ProcessFigures)? {
        guard let rounds = await rounds(), rounds.measured >= 4, let before = rounds.before, let after = rounds.after
        else { return nil }
        return (rounds.measured, before, after)
    }
}
