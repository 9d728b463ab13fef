import HostAPI
import Runtime

/// Left alone, it lives and answers.
struct HeartbeatsCheck: Check {
    let name = "heartbeats"
    let group = CheckGroup.manners
    let purpose = "left alone for two seconds, the plugin lives and its worker answers heartbeats"
    let need = Need.running

    func verdict(on bench: Bench) async -> Verdict {
        guard let idle = await bench.idleObservation() else { return .skipped("no worker could be started") }
        if let misbehaviour = idle.record.misbehaviour {
            return .failed(misbehaviour, mend: "leave descriptors 0 to 4 alone: they are the worker's")
        }
        if let ending = idle.ending {
            return .failed("the process ends by itself: \(ending)", mend: "run it under a debugger, or read its log")
        }
        guard let slowest = idle.slowestBeat else {
            return .failed(
                "a heartbeat is not answered within 5 s",
                mend: "[instance] functions return within 1 s; what takes longer belongs on a thread"
            )
        }
        return .passed("the slowest took \(slowest.shown)")
    }
}

/// Nothing that the host calls keeps it waiting.
struct CallbacksCheck: Check {
    private static let limit: Duration = .seconds(1)
    private static let slow: Duration = .milliseconds(500)

    let name = "callbacks"
    let group = CheckGroup.manners
    let purpose = "no [instance] function took longer than 1 s in any of the checks"
    let need = Need.loading

    func verdict(on bench: Bench) async -> Verdict {
        guard let worst = bench.blocks.worst else { return .skipped("nothing was called") }
        let mend = "return HEARTH_PENDING, do the work on a thread or with timers, and call complete()"
        let reason = "\(worst.function) kept the worker for \(worst.time.shown)"
        if worst.time > Self.limit { return .failed(reason, mend: mend) }
        if worst.time > Self.slow { return .warning(reason, mend: mend) }
        return .passed("the longest, \(worst.function), took \(worst.time.shown)")
    }
}

/// stdout is for debugging.
struct OutputCheck: Check {
    let name = "output"
    let group = CheckGroup.manners
    let purpose = "nothing is printed to stdout or stderr unasked"
    let need = Need.running

    func verdict(on bench: Bench) async -> Verdict {
        guard let idle = await bench.idleObservation() else { return .skipped("no worker could be started") }
        guard let line = idle.record.printed.first ?? idle.record.printedErrors.first else { return .passed() }
        return .warning(
            "\(counted(idle.record.printedCount, "line")) printed, such as \"\(line.prefix(80))\"",
            mend: "write to hearth.log/1, which has levels"
        )
    }
}

/// The log stays readable, and no queue overflows.
struct LogCheck: Check {
    /// Lines in a second.
    private static let limit = 50.0
    private static let many = 5.0

    let name = "log"
    let group = CheckGroup.manners
    let purpose = "log lines and readings come at a rate that the host can take"
    let need = Need.running

    func verdict(on bench: Bench) async -> Verdict {
        guard let idle = await bench.idleObservation() else { return .skipped("no worker could be started") }
        let record = idle.record
        let mend = "log what changed, at level info at most a few lines a minute; publish readings as they are measured"
        if record.droppedReadings > 0 || record.droppedLogLines > 0 {
            return .failed(
                "the queue overflowed: \(record.droppedReadings) readings and \(record.droppedLogLines) log lines were lost",
                mend: mend
            )
        }
        let rate = Double(record.logCount + record.printedCount) / max(1, idle.seconds)
        let reason = "\(counted(record.logCount + record.printedCount, "line")) in \(Int(idle.seconds.rounded())) s"
        if rate > Self.limit { return .failed(reason, mend: mend) }
        if rate > Self.many { return .warning(reason, mend: mend) }
        return .passed(reason)
    }
}

/// Memory does not grow.
struct MemoryCheck: Check {
    private static let budgetKiB = 6_144
    private static let leakKiB = 64
    private static let idleGrowthKiB = 8_192

    let name = "memory"
    let group = CheckGroup.manners
    let purpose = "memory does not grow from round to round, nor while the plugin has nothing to do"
    let need = Need.answering

    func verdict(on bench: Bench) async -> Verdict {
        var idleKiB = 0
        if bench.reached >= .running, let idle = await bench.idleObservation(), let settled = idle.settled,
            let end = idle.end
        {
            idleKiB = end.privateKiB
            guard end.privateKiB - settled.privateKiB <= Self.idleGrowthKiB else {
                return .failed(
                    "\(shown(settled.privateKiB)) of private memory became \(shown(end.privateKiB)) in two idle seconds",
                    mend: "free what is not needed any more, and bound every queue and cache"
                )
            }
        }
        guard let (rounds, before, after) = await bench.comparedRounds() else {
            return .skipped("there were too few rounds to tell")
        }
        guard after.privateKiB - before.privateKiB <= rounds * Self.leakKiB else {
            return .failed(
                "\(shown(before.privateKiB)) of private memory became \(shown(after.privateKiB)) in \(rounds) rounds",
                mend: "free in stop what start has made"
            )
        }
        let used = max(idleKiB, after.privateKiB)
        guard used <= Self.budgetKiB else {
            return .warning(
                "\(shown(used)) of private memory are used when it is idle",
                mend: "most plugins need less than 3 MiB; in Swift, importing Foundation costs about 1 MiB"
            )
        }
        return .passed("\(shown(used)) private")
    }

    private func shown(_ kibibytes: Int) -> String {
        kibibytes < 1_024 ? "\(kibibytes) KiB" : "\(kibibytes / 1_024).\(kibibytes % 1_024 * 10 / 1_024) MiB"
    }
}

/// An idle plugin does nothing.
struct ProcessorCheck: Check {
    let name = "processor"
    let group = CheckGroup.manners
    let purpose = "the plugin hardly uses the processor while it has nothing to do, and starts no processes"
    let need = Need.running

    func verdict(on bench: Bench) async -> Verdict {
        guard let idle = await bench.idleObservation(), let settled = idle.settled, let end = idle.end else {
            return .skipped("the process ended too early")
        }
        if end.children > 0 {
            return .failed("it has started \(end.children) processes", mend: "declare programs under permissions: exec")
        }
        let used = end.processorMilliseconds - settled.processorMilliseconds
        let span = max(1, Int(idle.seconds * 750))
        let percent = used * 100 / span
        guard percent > 20 else { return .passed() }
        return .warning(
            "it used \(percent) % of a processor",
            mend: "wait for events or timers instead of polling in a loop"
        )
    }
}
