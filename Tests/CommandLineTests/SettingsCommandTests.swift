import Client
import HostAPI
import Synchronization
import Testing

@testable import CommandLine

/// `hostctl settings`, against a real server on a socket.
@Suite(.timeLimit(.minutes(5))) struct SettingsCommandTests {
    @Test func savesSettingsOnTopOfWhatWasSaved() async throws {
        let puts = Mutex(0)
        try await TinyServer.with { request in
            if request.method == "GET" {
                return .json(200, #"{"revision": 7, "document": {"a": 1, "b": {"c": 2}}, "saved": {"a": 1}}"#)
            }
            // Somebody else saved meanwhile; the second time nobody did.
            let isFirst = puts.withLock { count in
                count += 1
                return count == 1
            }
            return isFirst
                ? .json(409, #"{"code": "conflict", "message": "Revision 8 is in force."}"#)
                : .json(200, #"{"revision": 9, "changed": ["/b/c"], "scope": "hot", "message": "Applied."}"#)
        } _: { server in
            let ran = await hostctl("settings", "set", "kasa", "b.c=3", "--root", server.root)
            #expect(ran == Ran(status: 0, data: "", messages: "kasa: revision 9 changes /b/c. Applied.\n"))
            #expect(server.requests.map(\.method) == ["GET", "PUT", "GET", "PUT"])
            let sent = try JSONValue(parsing: try #require(server.requests.last).body)
            #expect(sent.text == #"{"document":{"a":1,"b":{"c":3}},"ifRevision":7}"#)
        }
    }

    @Test func givesUpASaveAfterTheEleventhConflict() async throws {
        try await TinyServer.with { request in
            request.method == "GET"
                ? .json(200, #"{"revision": 7, "document": {"b": 1}, "saved": {"b": 1}}"#)
                : .json(409, #"{"code": "conflict", "message": "Revision 8 is in force."}"#)
        } _: { server in
            let ran = await hostctl("settings", "unset", "kasa", "b", "--root", server.root)
            #expect(ran.status == 10)
            #expect(server.requests.count == 22)
        }
    }

    @Test func triesASaveAgainAfterTenConflicts() async throws {
        let puts = Mutex(0)
        try await TinyServer.with { request in
            if request.method == "GET" { return .json(200, #"{"revision": 7, "document": {}, "saved": {}}"#) }
            let count = puts.withLock { count in
                count += 1
                return count
            }
            return count <= 10
                ? .json(409, #"{"code": "conflict", "message": "Revision 8 is in force."}"#)
                : .json(200, #"{"revision": 9, "changed": ["/a"], "scope": "hot", "message": ""}"#)
        } _: { server in
            let pauses = Mutex<[Int]>([])
            let change = SettingsChange { retry in
                pauses.withLock { $0.append(retry) }
                return .zero
            }
            let host = HTTPHost(socketPath: try SocketPath(ofRoot: server.root))
            let result = try await change.make(host, "kasa") { _ in .object([:]) }
            #expect(result.revision == 9)
            #expect(pauses.withLock { $0 } == Array(1...10))
        }
    }

    @Test func saysOfASettingThatIsNotThereWhatWasMeant() async throws {
        try await TinyServer.with { _ in
            .json(200, #"{"revision": 7, "document": {"poll": 5}, "saved": {}}"#)
        } _: { server in
            let ran = await hostctl("settings", "unset", "kasa", "pol", "--root", server.root)
            let said = "hostctl: There is no /pol in the settings.\n  Did you mean \"poll\"?\n"
            #expect(ran == Ran(status: 4, data: "", messages: said))
            #expect(server.requests.map(\.method) == ["GET"])
        }
    }

    @Test func saysThatADefaultStaysInForce() async throws {
        try await TinyServer.with { request in
            request.method == "GET"
                ? .json(200, #"{"revision": 7, "document": {"poll": 5}, "saved": {}}"#)
                : .json(200, #"{"revision": 7, "changed": [], "message": ""}"#)
        } _: { server in
            let ran = await hostctl("settings", "unset", "kasa", "poll", "--root", server.root)
            #expect(
                ran.messages == """
                    /poll was not set: its default stays in force.
                    Nothing changed: revision 7 stays in force.

                    """
            )
            #expect(ran.status == 0)
        }
    }

    @Test(arguments: [["set", "kasa", "a=1", "b.c=2"], ["unset", "kasa", "a", "b.c"]])
    func namesWhatOfTheSettingsWasChanged(arguments: [String]) async throws {
        let document = #"{"a": 0, "b": {"c": 0}}"#
        try await TinyServer.with { request in
            request.method == "GET"
                ? .json(200, #"{"revision": 7, "document": \#(document), "saved": \#(document)}"#)
                : .json(200, #"{"revision": 8, "changed": ["/a", "/b/c"], "scope": "hot", "message": "Applied."}"#)
        } _: { server in
            let ran = await hostctl(["settings"] + arguments + ["-o", "name", "--root", server.root])
            #expect(ran == Ran(status: 0, data: "/a\n/b/c\n", messages: ""))
        }
    }

    @Test(arguments: [
        (["a"], "1\n"), (["b.c"], "text\n"), (["/b"], "{\"c\":\"text\"}\n"), (["-o", "name"], "/a\n/b/c\n"),
        (["--saved"], "a: 1\n"), ([], "a: 1\nb:\n  c: text\n"),
    ])
    func printsSettings(arguments: [String], data: String) async throws {
        let answer = #"{"revision": 7, "document": {"a": 1, "b": {"c": "text"}}, "saved": {"a": 1}}"#
        try await TinyServer.with { _ in
            .json(200, answer)
        } _: { server in
            let ran = await hostctl(["settings", "get", "kasa"] + arguments + ["--root", server.root])
            #expect(ran.data == data)
            #expect(ran.status == 0)
        }
    }
}
