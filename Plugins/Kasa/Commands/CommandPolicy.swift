/// How hard a command tries, and how long it waits for what.
struct CommandPolicy: Hashable, Sendable {
    /// At least 1.
    var attempts = 3
    /// The pause before the second attempt; before the third it is twice as long, and so on.
    var retryPause = Duration.seconds(1)
    /// How long the first contact of an attempt, and each message that switches, may take.
    var contact = Duration.seconds(6)
    /// How long the device gets between acknowledging and being asked again.
    var settle = Duration.milliseconds(500)
    /// How long reading back may take.
    var verify = Duration.seconds(5)

    /// The pause before an attempt: with the defaults 0, 1 and 2 s.
    func wait(before attempt: Int) -> Duration { retryPause * (attempt - 1) }
}
