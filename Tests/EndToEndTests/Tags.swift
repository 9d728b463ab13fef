import Testing

extension Tag {
    /// Takes more than ten seconds, because a limit of the host is waited for.
    @Tag static var slow: Self
}
