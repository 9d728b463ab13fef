/// An attempt that is followed by another one.
struct FailedAttempt: Hashable, Sendable, CustomStringConvertible {
    let number: Int
    let attempts: Int
    let failure: CommandFailure
    let pause: Duration

    var description: String {
        "attempt \(number)/\(attempts) failed: \(failure), retry in \(pause.inSeconds)"
    }
}
