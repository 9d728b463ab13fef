package import HostAPI

/// Time as the registry sees it: passed in, so that a test can make it pass.
package struct RegistryClock: Sendable {
    package var now: @Sendable () -> Timestamp
    /// Throws if the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void

    package init(now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.now = now
        self.sleep = sleep
    }

    package static let system = RegistryClock(now: { .now }, sleep: { try await Task.sleep(for: $0) })
}
