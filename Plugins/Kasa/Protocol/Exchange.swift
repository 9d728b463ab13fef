import PluginKit

/// A moment by which something must be done, counted from when it is made.
struct TimeLimit: Sendable {
    private let allowed: Duration
    private let end: ContinuousClock.Instant

    init(_ allowed: Duration) {
        self.allowed = allowed
        end = .now + allowed
    }

    /// What is left of the time, never negative.
    var left: Duration { max(end - .now, .zero) }

    /// The failure that an operating system's error stands for.
    func explain(_ error: SocketError) -> ExchangeError {
        if Task.isCancelled { return .cancelled }
        return switch error {
        case .refused: .refused
        case .unreachable: .unreachable("the network cannot reach it")
        case .denied: .unreachable("the sandbox or a firewall on this machine forbids it")
        case .nameNotResolved(let name, _): .nameNotResolved(name)
        case .timedOut: .timedOut(after: allowed)
        case .ended: .broken("it ended in the middle of an answer")
        case .reset: .broken("the device reset it")
        case .closed: .broken("it was closed here, because the device has moved")
        case .portTaken, .system: .broken(error.description)
        }
    }
}

extension TCPConnection {
    /// Sends a query and reads the answer to it.
    ///
    /// - Throws: ``ExchangeError``; the connection must be closed then. ``ExchangeError/closed`` if it ends before the
    ///   answer begins.
    func exchange(_ query: Query, _ limit: TimeLimit) async throws(ExchangeError) -> Reply {
        let header: [UInt8]
        do throws(SocketError) {
            try await write(Frame.encode(query.bytes), within: limit.left)
            header = try await read(exactly: Frame.headerSize, within: limit.left)
        } catch {
            switch error {
            case .ended(_, missing: Frame.headerSize), .reset: throw .closed
            default: throw limit.explain(error)
            }
        }
        let size = try Frame.payloadSize(header: header)
        let payload: [UInt8]
        do throws(SocketError) {
            payload = try await read(exactly: size, within: limit.left)
        } catch {
            throw limit.explain(error)
        }
        return try Reply(Cipher.decrypt(payload), to: query)
    }
}
