import HostAPI
import Registry
import Synchronization

/// Time that passes when the test says so. Short waits, those between tries, are over at once; all are remembered.
final class ManualClock: Sendable {
    private struct State {
        var now = Timestamp(milliseconds: 1_795_000_000_000)
        var slept: [Duration] = []
        var sleepers: [Int: (until: Timestamp, continuation: CheckedContinuation<Void, Never>)] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    var clock: RegistryClock {
        RegistryClock(now: { self.now }, sleep: { try await self.sleep($0) })
    }

    var now: Timestamp { state.withLock(\.now) }

    /// The waits between tries.
    var pauses: [Duration] { state.withLock { $0.slept.filter { $0 < .seconds(10) } } }

    var sleepers: Int { state.withLock(\.sleepers.count) }

    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now + duration
            let now = state.now
            let woken = state.sleepers.filter { $0.value.until <= now }
            for number in woken.keys { state.sleepers[number] = nil }
            return woken.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    private func sleep(_ duration: Duration) async throws {
        let number = state.withLock { state -> Int? in
            state.slept.append(duration)
            guard duration >= .seconds(10) else { return nil }
            state.next += 1
            return state.next
        }
        guard let number else { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard !Task.isCancelled else { return true }
                    state.sleepers[number] = (state.now + duration, continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: number)?.continuation }?.resume()
        }
        try Task.checkCancellation()
    }
}
