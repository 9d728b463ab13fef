import Testing

@testable import Registry

@Suite struct PendingTests {
    @Test func reachesAllWhoWait() async {
        let pending = Pending<Int>()
        await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<50 { group.addTask { await pending.value() } }
            pending.fulfil(7)
            for await value in group { #expect(value == 7) }
        }
        #expect(await pending.value() == 7)
    }

    /// Whenever the cancellation comes: before the wait, in the middle of its beginning, or after.
    @Test(.timeLimit(.minutes(1))) func whoIsCancelledWaitsNoLonger() async {
        let pending = Pending<Int>()
        for round in 0..<500 {
            let task = Task { await pending.value() }
            for _ in 0..<(round % 5) { await Task.yield() }
            task.cancel()
            #expect(await task.value == nil)
        }
    }

    @Test func oneWhoGivesUpDoesNotHarmTheOthers() async {
        let pending = Pending<Int>()
        let patient = Task { await pending.value() }
        let impatient = Task { await pending.value() }
        impatient.cancel()
        #expect(await impatient.value == nil)
        pending.fulfil(1)
        #expect(await patient.value == 1)
    }
}
