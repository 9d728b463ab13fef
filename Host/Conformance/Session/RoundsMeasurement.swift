import Runtime

/// What twenty rounds of start and stop in one process leave behind.
struct RoundsMeasurement: Sendable {
    static let usualCount = 20
    /// The first rounds may fill caches and start threads that stay.
    static let warmUp = 5
    private static let timeLimit: Duration = .seconds(15)

    var count = 0
    /// What went wrong in which round.
    var failure: String?
    /// After the warm-up, and at the end; both while the plugin is stopped.
    var before: ProcessFigures?
    var after: ProcessFigures?

    /// The rounds between the two.
    var measured: Int { max(0, count - Self.warmUp) }

    init(of session: Session, bench: Bench) async {
        let deadline = min(bench.deadline, ContinuousClock.now + Self.timeLimit)
        while count < Self.usualCount, ContinuousClock.now < deadline, failure == nil {
            count += 1
            let start = await session.start(bench.settings)
            if let silence = start.silence { failure = "start \(silence) in round \(count)" }
            if start.isOK != (bench.start?.outcome?.isOK ?? start.isOK), start.silence == nil {
                failure = "start answers \(start.words) in round \(count), and not what it answered first"
            }
            guard failure == nil else { return }
            let stop = await session.stop()
            guard stop.isOK else {
                failure = "stop \(stop.silence ?? "answers \(stop.words)") in round \(count)"
                return
            }
            if count == Self.warmUp { before = await Self.settled(session) }
        }
        if let before { after = await Self.settled(session, at: before) }
    }

    /// The figures once threads that are ending have ended: the least of what is seen within a moment.
    private static func settled(_ session: Session, at goal: ProcessFigures? = nil) async -> ProcessFigures? {
        var best = await session.figures
        for _ in 0..<15 {
            try? await Task.sleep(for: .milliseconds(20))
            guard let next = await session.figures, let known = best else { return best }
            if next.threads + next.descriptors.count <= known.threads + known.descriptors.count { best = next }
            if let goal, next.threads <= goal.threads, next.descriptors.count <= goal.descriptors.count { break }
        }
        return best
    }
}
