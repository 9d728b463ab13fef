/// What was waited for did not come about.
package struct NeverHappened: Error, CustomStringConvertible {
    package let what: String
    package let limit: Duration

    package var description: String { "after \(limit) still not: \(what)" }
}

/// How often a condition is looked at again.
private let pollingInterval = Duration.milliseconds(20)

/// Waits until `condition` yields a value, and returns it. A condition that throws does not hold yet.
///
/// - Parameters:
///   - what: What is waited for, for the message of the failure.
///   - limit: How long it may take; generous, because a busy machine is slow.
///   - condition: Looked at again and again.
/// - Returns: The value.
/// - Throws: `NeverHappened`, or a cancellation.
@discardableResult
package func eventually<Value>(
    _ what: String,
    within limit: Duration = .seconds(20),
    _ condition: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while true {
        if let value = try? await condition() { return value }
        guard ContinuousClock.now < deadline else { throw NeverHappened(what: what, limit: limit) }
        try await Task.sleep(for: pollingInterval)
    }
}

/// Waits until `condition` holds.
///
/// - Throws: `NeverHappened`, or a cancellation.
package func eventually(
    _ what: String,
    within limit: Duration = .seconds(20),
    _ condition: () async throws -> Bool
) async throws {
    try await eventually(what, within: limit) { try await condition() ? true : nil }
}
