import Glibc

/// Runs `body` on a thread of its own: the threads that tasks share are not for work that blocks.
///
/// - Returns: false if the system has no thread left; `body` does not run then.
func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    let work = Unmanaged.passRetained(Work(body: body))
    var thread = pthread_t()
    let result = pthread_create(
        &thread,
        nil,
        { context in
            guard let context else { return nil }
            Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
            return nil
        },
        work.toOpaque()
    )
    guard result == 0 else {
        work.release()
        return false
    }
    pthread_detach(thread)
    return true
}

/// Runs `body` on a thread of its own, and waits for it; nil if the system has no thread left.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value? {
    await withCheckedContinuation { continuation in
        let isStarted = startThread { continuation.resume(returning: body()) }
        if !isStarted { continuation.resume(returning: nil) }
    }
}

private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}
