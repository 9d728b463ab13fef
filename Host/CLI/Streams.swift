import HostAPI

extension AsyncThrowingStream where Failure == any Error {
    /// Hands on each element until the stream ends or `body` returns false.
    func each(_ body: (Element) -> Bool) async throws(HostAPI.Failure) {
        do {
            for try await element in self {
                guard body(element) else { return }
            }
        } catch {
            throw HostAPI.Failure(error)
        }
    }
}

extension Failure {
    /// What was to be followed has ended, though nobody asked for that.
    static var hostHasGone: Failure {
        Failure(.unreachable, "The host closed the stream: it is shutting down, or has stopped.")
    }
}
