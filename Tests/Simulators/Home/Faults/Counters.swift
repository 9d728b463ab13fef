/// What a device has seen since the home started. Tests assert on it.
package struct Counters: Sendable, Equatable {
    /// TCP connections that were accepted, ever.
    package internal(set) var connections = 0
    package internal(set) var openConnections = 0
    /// The most connections that were open at one time.
    package internal(set) var mostConnections = 0
    /// Requests over TCP.
    package internal(set) var requests = 0
    /// Requests over UDP, discovery among them.
    package internal(set) var datagrams = 0
    /// Requests that order something: whatever is no `get_…`.
    package internal(set) var commands = 0
    /// Bytes that no device understands.
    package internal(set) var malformed = 0

    mutating func opened() {
        connections += 1
        openConnections += 1
        mostConnections = max(mostConnections, openConnections)
    }

    mutating func closed() {
        openConnections -= 1
    }
}
