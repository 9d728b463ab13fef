import Glibc
import Synchronization
import TestSupport

/// A small HTTP/1.1 server on loopback that counts what it is asked, and can answer as badly as a real one.
final class RegistryServer: Sendable {
    struct Request: Sendable, Equatable {
        var target: String
        var headers: [String: String]
    }

    enum Answer: Sendable {
        /// A complete answer; the connection stays open.
        case answer(Int, [String: String] = [:], String = "")
        /// Bytes as they are; then the connection is closed.
        case raw([UInt8])
        /// Bytes as they are; then nothing more until the client hangs up.
        case stall([UInt8])
    }

    private struct State {
        var requests: [Request] = []
        var hangUps = 0
        var isStopped = false
    }

    let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())
    private let handler: Mutex<@Sendable (Request) -> Answer>

    init(_ handler: @escaping @Sendable (Request) -> Answer = { _ in .answer(404) }) throws {
        self.handler = Mutex(handler)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        port = try Self.bindToLoopback(listener)
        guard listen(listener, 64) == 0 else { throw SystemFailure("listen") }
        let listener = listener
        spawnThread { [weak self] in
            defer { close(listener) }
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0, let self else { return }
                spawnThread { self.serve(connection) }
            }
        }
    }

    deinit { stop() }

    /// The port refuses connections from now on.
    func stop() {
        // Once: the thread closes the listener then, and soon its number is another server's.
        let isFirst = state.withLock { state in
            defer { state.isStopped = true }
            return !state.isStopped
        }
        if isFirst { shutdown(listener, Int32(SHUT_RDWR)) }
    }

    /// A port that nobody listens on.
    static func deadPort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        return try bindToLoopback(descriptor)
    }

    var url: String { "http://127.0.0.1:\(port)" }

    func handle(_ handler: @escaping @Sendable (Request) -> Answer) { self.handler.withLock { $0 = handler } }

    var requests: [Request] { state.withLock(\.requests) }
    var targets: [String] { requests.map(\.target) }
    var hangUps: Int { state.withLock(\.hangUps) }

    private static func bindToLoopback(_ descriptor: Int32) throws -> UInt16 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else { throw SystemFailure("bind") }
        return UInt16(bigEndian: address.sin_port)
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        while let request = Self.readRequest(connection) {
            state.withLock { $0.requests.append(request) }
            switch handler.withLock(\.self)(request) {
            case .answer(let status, let headers, let body):
                var head = "HTTP/1.1 \(status) X\r\n"
                if status != 304 { head += "Content-Length: \(body.utf8.count)\r\n" }
                for (name, value) in headers { head += "\(name): \(value)\r\n" }
                send(Array("\(head)\r\n\(body)".utf8), connection)
            case .raw(let bytes):
                return send(bytes, connection)
            case .stall(let bytes):
                send(bytes, connection)
                var byte: UInt8 = 0
                while read(connection, &byte, 1) > 0 {}
                return state.withLock { $0.hangUps += 1 }
            }
        }
    }

    private func send(_ bytes: [UInt8], _ connection: Int32) {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    private static func readRequest(_ connection: Int32) -> Request? {
        var text = ""
        var byte: UInt8 = 0
        while !text.hasSuffix("\r\n\r\n") {
            guard read(connection, &byte, 1) == 1 else { return nil }
            text.unicodeScalars.append(Unicode.Scalar(byte))
        }
        let lines = text.split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
        }
        return Request(target: String(lines[0].split(separator: " ")[1]), headers: headers)
    }
}

/// Lets nobody through until so many are there.
final class Barrier: Sendable {
    private let count = Mutex(0)
    private let width: Int

    init(_ width: Int) { self.width = width }

    /// The greatest number that was waiting at a time, or more.
    var arrivals: Int { count.withLock(\.self) }

    /// False if the others do not come.
    func pass() -> Bool {
        count.withLock { $0 += 1 }
        for _ in 0..<2_000 {
            if count.withLock({ $0 >= width }) { return true }
            usleep(5_000)
        }
        return false
    }
}

private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func spawnThread(_ run: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    pthread_create(
        &thread,
        nil,
        { argument in
            argument.map { Unmanaged<Body>.fromOpaque($0).takeRetainedValue().run() }
            return nil
        },
        Unmanaged.passRetained(Body(run)).toOpaque()
    )
    pthread_detach(thread)
}

/// Waits a little, in a thread of the server.
func pause() { usleep(5_000) }
