import Runtime

/// What a started plugin does when it is left alone for two seconds.
struct IdleObservation: Sendable {
    static let length: Duration = .seconds(2)
    private static let pause: Duration = .milliseconds(200)

    /// At its beginning, when it had half a second to settle, and at its end; nil if the process had ended.
    var settled: ProcessFigures?
    var end: ProcessFigures?
    var first: ProcessFigures?
    /// Everything from the start on.
    var record: Record
    /// The slowest heartbeat; nil if one was not answered at all.
    var slowestBeat: Duration?
    var network = NetworkUse()
    /// How the process ended, if it did.
    var ending: ExitStatusOfProcess?
    var seconds: Double

    init(of session: Session) async {
        let begun = ContinuousClock.now
        first = await session.figures
        var slowest: Duration? = .zero
        while ContinuousClock.now - begun < Self.length, await session.ending == nil {
            guard let beat = await session.beat() else {
                slowest = nil
                break
            }
            slowest = max(slowest ?? .zero, beat)
            try? await Task.sleep(for: Self.pause)
            if settled == nil, ContinuousClock.now - begun > Self.length / 4 { settled = await session.figures }
        }
        end = await session.figures
        if let end, let process = await session.processID {
            network = NetworkUse(of: process, descriptors: end.descriptors)
        }
        slowestBeat = slowest
        ending = await session.ending
        record = await session.record
        seconds = (ContinuousClock.now - begun) / .seconds(1)
    }
}
