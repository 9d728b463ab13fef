import Glibc
import Synchronization

/// Turns names into addresses.
///
/// `getaddrinfo` blocks for as long as it likes, so it runs on threads of its own: at most four, which end when there
/// is nothing to do.
final class Resolver: Sendable {
    static let shared = Resolver()

    private typealias Answer = Result<[SocketAddress], SocketError>

    private struct Question: Sendable {
        let name: String
        let port: UInt16
        let answer: @Sendable (Answer) -> Void
    }

    private struct State {
        var waiting: [Question] = []
        var threads = 0
    }

    private static let maximumThreads = 4
    private let state = Mutex(State())

    /// The addresses of `name`, which may be an address already; never empty.
    ///
    /// A lookup cannot be stopped: after a cancellation or the deadline its answer comes to nobody.
    func addresses(of name: String, port: UInt16, until deadline: Deadline) async throws(SocketError) -> [SocketAddress]
    {
        if let address = SocketAddress(ip: name, port: port) { return [address] }
        let waiter = Waiter<Answer>()
        let timeout = Answer.failure(.timedOut(peer: name, waitingFor: "looking up the name"))
        ask(Question(name: name, port: port) { waiter.resume($0) })
        Reactor.shared.call(at: deadline) { waiter.resume(timeout) }
        return try await waiter.value(ifCancelled: .failure(.closed(peer: name))).get()
    }

    private func ask(_ question: Question) {
        let needsThread = state.withLock { state in
            state.waiting.append(question)
            guard state.threads < Resolver.maximumThreads else { return false }
            state.threads += 1
            return true
        }
        if needsThread { startThread { self.work() } }
    }

    private func work() {
        while let question = next() {
            question.answer(Resolver.look(up: question.name, port: question.port))
        }
    }

    private func next() -> Question? {
        state.withLock { state in
            if state.waiting.isEmpty {
                state.threads -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    private static func look(up name: String, port: UInt16) -> Answer {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard status == 0 else {
            return .failure(.nameNotResolved(name: name, reason: String(cString: gai_strerror(status))))
        }
        let addresses = sequence(first: list) { $0?.pointee.ai_next }.prefix { $0 != nil }
            .compactMap { $0?.pointee.ai_addr }.compactMap { SocketAddress($0) }
        return addresses.isEmpty
            ? .failure(.nameNotResolved(name: name, reason: "no address")) : .success(addresses)
    }
}
