import FoundationEssentials
import Glibc
import Synchronization

@testable import Client

/// A small HTTP/1.1 server on a Unix socket in a root directory of its own: what the client is tested against.
final class TinyServer: Sendable {
    struct Request: Sendable, Equatable {
        var method: String
        var target: String
        var headers: [String: String]
        var body: String
    }

    enum Answer: Sendable {
        case json(Int, String)
        /// These pieces as an event stream; then the connection is closed.
        case stream([String])
        /// The same, but the connection stays until the client hangs up.
        case endlessStream([String])
        /// Bytes as they are.
        case raw(String)
        /// Nothing, until the client hangs up.
        case silence
    }

    private struct State {
        var requests: [Request] = []
        var hangUps = 0
        var waiter: CheckedContinuation<Void, Never>?
    }

    let root: String
    private let listener: Int32
    private let state = Mutex(State())
    private let handler: @Sendable (Request) -> Answer

    /// Runs `body` with a server that answers by `handler`.
    static func with<Result>(
        _ handler: @escaping @Sendable (Request) -> Answer,
        _ body: (TinyServer) async throws -> Result
    ) async throws -> Result {
        let server = try TinyServer(handler)
        defer { server.stop() }
        return try await body(server)
    }

    private init(_ handler: @escaping @Sendable (Request) -> Answer) throws {
        self.handler = handler
        root = try makeScratchDirectory()
        try FileManager.default.createDirectory(atPath: root + "/run", withIntermediateDirectories: false)
        listener = try Self.listen(root + "/run/hostd.sock")
        let listener = listener
        let isListening = startThread { [weak self] in
            // Closed here only: after another thread's close, the number would soon be another server's listener.
            defer { close(listener) }
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                guard let self, startThread({ self.serve(connection) }) else {
                    close(connection)
                    return
                }
            }
        }
        guard isListening else { throw ScratchError(what: "thread", number: EAGAIN) }
    }

    private func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        removeScratch(root)
    }

    var requests: [Request] { state.withLock { $0.requests } }

    /// Returns once a client has hung up on a stream or a silence that would have gone on.
    func clientHungUp() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.hangUps == 0 { state.waiter = continuation }
                return state.hangUps > 0
            }
            if isDone { continuation.resume() }
        }
    }

    private static func listen(_ path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0, Glibc.listen(descriptor, 16) == 0 else { throw ScratchError(what: path, number: errno) }
        return descriptor
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        guard let request = Self.readRequest(connection) else { return }
        state.withLock { $0.requests.append(request) }
        switch handler(request) {
        case .json(let status, let body):
            send(
                "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
                    + "Connection: close\r\n\r\n\(body)",
                connection
            )
        case .stream(let pieces):
            stream(pieces, connection)
            send("0\r\n\r\n", connection)
        case .endlessStream(let pieces):
            stream(pieces, connection)
            awaitHangUp(connection)
        case .raw(let text): send(text, connection)
        case .silence: awaitHangUp(connection)
        }
    }

    private func stream(_ pieces: [String], _ connection: Int32) {
        send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n", connection)
        for piece in pieces { send("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n", connection) }
    }

    private func awaitHangUp(_ connection: Int32) {
        var byte: UInt8 = 0
        while read(connection, &byte, 1) > 0 {}
        let waiter = state.withLock { state in
            state.hangUps += 1
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    private func send(_ text: String, _ connection: Int32) {
        var bytes = Array(text.utf8)[...]
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
        let words = lines[0].split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
        }
        var body: [UInt8] = []
        while body.count < Int(headers["content-length"] ?? "0") ?? 0, read(connection, &byte, 1) == 1 {
            body.append(byte)
        }
        return Request(
            method: String(words[0]),
            target: String(words[1]),
            headers: headers,
            body: String(decoding: body, as: UTF8.self)
        )
    }
}

struct ScratchError: Error {
    var what: String
    var number: Int32
}

/// A new directory with a short path: a socket is to fit in.
func makeScratchDirectory() throws -> String {
    var template = Array("/tmp/hearth-test-XXXXXX".utf8CString)
    guard let path = mkdtemp(&template).map({ String(cString: $0) }) else {
        throw ScratchError(what: "mkdtemp", number: errno)
    }
    return path
}

func removeScratch(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
}

func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
}

func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
}
