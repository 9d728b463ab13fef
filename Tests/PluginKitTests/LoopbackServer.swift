import Glibc
import Synchronization
import Testing

/// A TCP server on loopback that serves one connection after another on a thread of its own.
final class LoopbackServer: Sendable {
    let port: UInt16
    /// What the script reported.
    let reports: AsyncStream<Bool>
    private let listener: Int32

    /// One connection, with blocking calls.
    struct Peer {
        fileprivate let descriptor: Int32
        fileprivate let reporter: AsyncStream<Bool>.Continuation

        /// What comes until `count` bytes are there, or the peer ends.
        func read(_ count: Int) -> [UInt8] {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while bytes.count < count {
                let got = recv(descriptor, &buffer, min(buffer.count, count - bytes.count), 0)
                if got <= 0 { break }
                bytes += buffer[..<got]
            }
            return bytes
        }

        func write(_ bytes: [UInt8]) { _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

        /// Makes the coming close a reset.
        func reset() {
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        }

        func report(_ value: Bool) { reporter.yield(value) }
    }

    /// Runs `script` for each connection, and closes it then.
    convenience init(_ script: @escaping @Sendable (Peer) -> Void) throws {
        try self.init(backlog: 1024)
        let (listener, reporter) = (listener, reporter)
        let thread = Thread {
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                script(Peer(descriptor: descriptor, reporter: reporter))
                close(descriptor)
            }
        }
        thread.start()
    }

    /// Listens only, with the shortest queue there is.
    convenience init(acceptsNobody: Bool) throws { try self.init(backlog: 0) }

    private let reporter: AsyncStream<Bool>.Continuation

    private init(backlog: Int32) throws {
        (reports, reporter) = AsyncStream.makeStream(of: Bool.self)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, backlog) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        try #require(isListening)
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { stop() }

    /// Ends the thread; the port refuses connections from now on.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }
}

/// A thread that runs a closure.
private struct Thread {
    final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    let body: Body

    init(_ run: @escaping @Sendable () -> Void) { body = Body(run) }

    func start() {
        var thread = pthread_t()
        pthread_create(
            &thread,
            nil,
            { argument in
                argument.map { Unmanaged<Body>.fromOpaque($0).takeRetainedValue().run() }
                return nil
            },
            Unmanaged.passRetained(body).toOpaque()
        )
        pthread_detach(thread)
    }
}
