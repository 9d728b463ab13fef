import Glibc
import HostAPI
import Testing

@testable import Client

@Suite struct SocketPathTests {
    @Test func takes107BytesAndNoMore() throws {
        let root = "/" + String(repeating: "r", count: 107 - 1 - "/run/hostd.sock".utf8.count)
        #expect(try SocketPath(ofRoot: root).text.utf8.count == 107)
        let failure = #expect(throws: Failure.self) { try SocketPath(ofRoot: root + "r") }
        #expect(failure?.code == .invalidArgument)
        #expect(failure?.message.contains("108 bytes") == true)
        #expect(failure?.hint != nil)
    }

    @Test func countsBytesNotCharacters() {
        #expect(throws: Failure.self) { try SocketPath(String(repeating: "ä", count: 54)) }
    }

    @Test(arguments: ["", "a\0b"])
    func refusesWhatIsNoPath(text: String) {
        #expect(throws: Failure.self) { try SocketPath(text) }
    }

    @Test func takesARootWithASlashAtItsEnd() throws {
        #expect(try SocketPath(ofRoot: "/x/") == SocketPath(ofRoot: "/x"))
    }

    @Test func mapsWhatConnectSays() throws {
        let path = try SocketPath("/x")
        #expect(path.failure(ofConnecting: EACCES).code == .denied)
        #expect(path.failure(ofConnecting: ENOENT).code == .unreachable)
        #expect(path.failure(ofConnecting: ECONNREFUSED).code == .unreachable)
        #expect(path.failure(ofConnecting: EMFILE).code == .unreachable)
    }
}

@Suite struct RequestTests {
    @Test func encodesWhatDoesNotBelongIntoAPath() {
        let request = Request(path: ["plugins", "a/b ä", ".."], query: [("x", "1&2"), ("y", nil), ("z", "ok-._~")])
        #expect(request.target == "/v1/plugins/a%2Fb%20%C3%A4/%2E%2E?x=1%262&z=ok-._~")
    }

    @Test func hasNoQuestionMarkWithoutAQuery() {
        #expect(Request(path: ["devices"], query: [("plugin", nil)]).target == "/v1/devices")
    }
}

/// Makes a socket file that nobody listens on.
func bindWithoutListening(_ path: String) -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    } == 0
}
