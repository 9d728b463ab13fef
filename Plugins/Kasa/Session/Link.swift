import PluginKit

/// The one connection to a device.
///
/// It is kept open, because connecting again and again strains the devices, and one message is under way at a time: the
/// protocol cannot tell answers apart. Whatever goes wrong closes it, so that a late answer meets nobody.
actor Link {
    /// The port that every Kasa device listens on.
    static let port: UInt16 = 9999

    /// An address or a name.
    private var host: String
    private var connection: TCPConnection?
    private let turns = Turns()
    private var answers: UInt64 = 0

    init(to host: String) {
        self.host = host
    }

    /// Talks to another address from now on.
    func move(to host: String) {
        self.host = host
        close()
    }

    func close() {
        connection?.close()
        connection = nil
    }

    /// Sends a query and waits for the answer to it, connecting first if need be.
    ///
    /// Some devices close the connection after each answer, and all of them when they restart. So an end where the answer
    /// should begin is followed by one more try on a new connection: whatever is sent here may arrive twice.
    ///
    /// `time` is for connecting, sending and the answer together, counted from when it is this query's turn.
    /// - Throws: ``ExchangeError``; the connection is closed then.
    func ask(_ query: Query, within time: Duration) async throws(ExchangeError) -> Answer {
        guard await turns.take() else { throw .cancelled }
        defer { turns.pass() }
        let limit = TimeLimit(time)
        let reply: Reply
        do throws(ExchangeError) {
            reply = try await exchange(query, limit)
        } catch {
            guard error == .closed else { throw error }
            reply = try await exchange(query, limit)
        }
        answers += 1
        return Answer(number: answers, results: reply.results)
    }

    /// What came back, with its place in the order of all answers.
    struct Answer: Sendable {
        /// Grows: whoever holds a smaller number knows an older state.
        let number: UInt64
        let results: [Result<JSON, DeviceRefusal>]

        /// The result of the call at `index`.
        ///
        /// - Throws: ``ExchangeError/declined(_:)``.
        func value(_ index: Int = 0) throws(ExchangeError) -> JSON {
            do {
                return try results[index].get()
            } catch {
                throw .declined(error)
            }
        }
    }

    private func exchange(_ query: Query, _ limit: TimeLimit) async throws(ExchangeError) -> Reply {
        do throws(ExchangeError) {
            return try await connected(limit).exchange(query, limit)
        } catch {
            close()
            throw error
        }
    }

    private func connected(_ limit: TimeLimit) async throws(ExchangeError) -> TCPConnection {
        if let connection { return connection }
        let host = host
        do throws(SocketError) {
            let new = try await TCPConnection.connect(to: host, port: Self.port, within: limit.left)
            // While it was being made the device may have moved.
            guard host == self.host else { throw .closed(peer: host) }
            connection = new
            return new
        } catch {
            throw limit.explain(error)
        }
    }
}
