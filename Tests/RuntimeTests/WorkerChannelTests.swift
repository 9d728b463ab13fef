import Glibc
import HostAPI
import Synchronization
import TestSupport
import Testing

@testable import Runtime

@Suite struct WorkerChannelTests {
    /// What a channel told, and whether it told it on the reactor's thread.
    private final class Told: Sendable {
        let events = Mutex<[(event: WorkerChannel.Event, isOnThread: Bool)]>([])
        var count: Int { events.withLock(\.count) }
    }

    @Test func aWorkerThatDoesNotReadIsToldOnceAndOnTheReactorsThread() async throws {
        let reactor = try Reactor()
        defer { reactor.stop() }
        let pair = try DescriptorPair.socket()
        defer { close(pair.theirs) }
        let told = Told()
        let channel = try WorkerChannel(takingOver: pair.ours, reactor: reactor) { event in
            told.events.withLock { $0.append((event, reactor.isOnThread)) }
        }
        let answer = Answer(status: .ok, json: String(repeating: "1", count: 1 << 20))
        for request in 0..<20 { channel.send(.answer(request: UInt64(request), answer)) }
        try await eventually("the channel tells") { told.count == 1 }
        // Everything that was to be told has been told once this has run.
        await withCheckedContinuation { continuation in
            reactor.schedule(after: .zero) { continuation.resume() }
        }
        let events = told.events.withLock { $0 }
        #expect(events.count == 1)
        #expect(events.first?.isOnThread == true)
        guard case .notReading? = events.first?.event else {
            Issue.record("told \(events)")
            return
        }
        channel.close()
    }
}
