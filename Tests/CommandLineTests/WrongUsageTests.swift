import HostAPI
import Testing

@testable import CommandLine

/// What `hostctl` says to a command line that it does not understand.
@Suite(.timeLimit(.minutes(5))) struct WrongUsageTests {
    @Test(arguments: [
        ["frobnicate"], ["list", "extra"], ["show"], ["list", "--nope"], ["list", "-o", "xml"],
        ["readings", "--since", "x", "a/b/c"],
        ["readings", "--since", "5m"], ["readings", "-n", "0", "a/b/c"], ["logs", "kasa", "-n", "10001"],
        ["top", "--interval", "0s"],
        ["call", "kasa", "x", "--timeout", "11m"], ["call", "kasa", "x", "--timeout", "499ms"], ["completion", "tcsh"],
        ["settings", "frob"], ["upgrade"], ["upgrade", "kasa", "--all"], ["uninstall"],
        ["uninstall", "kasa", "--purge", "--keep-data"], ["change", "x"], ["change", "0"], ["watch", "-1"], ["abort"],
        ["changes", "-n", "0"], ["changes", "-n", "1001"], ["install"], ["install", "kasa", "--verison", "1"],
        ["apply"], ["diff"], ["link"],
    ])
    func exitsWith64ForWrongUsage(arguments: [String]) async {
        let ran = await hostctl(arguments)
        #expect(ran.status == 64)
        #expect(ran.data.isEmpty)
        #expect(!ran.messages.isEmpty)
    }

    @Test(arguments: [
        ["show", ""], ["start", ""], ["stop", "kasa", ""], ["restart", ""], ["enable", ""], ["disable", ""],
        ["logs", ""], ["devices", ""], ["readings", ""], ["settings", "get", ""], ["settings", "set", "", "a=1"],
        ["settings", "unset", "", "a"], ["quarantine", "lift", ""], ["call", "", "x"], ["call", "/lamp", "x"],
        ["call", "kasa/", "x"], ["call", "kasa", ""], ["install", ""], ["upgrade", ""], ["rollback", ""], ["pin", ""],
        ["unpin", ""], ["uninstall", "kasa", ""], ["link", ""], ["unlink", ""], ["changes", "--plugin", ""],
        ["reconcile", ""], ["apply", ""], ["diff", ""], ["install", "kasa", "--version", ""],
    ])
    func refusesEmptyNames(arguments: [String]) async throws {
        try await TinyServer.with { _ in
            .json(200, "[]")
        } _: { server in
            let ran = await hostctl(arguments + ["--root", server.root])
            #expect(ran.status == 64)
            #expect(ran.messages.contains("empty") || ran.messages.contains("nothing follows the /"))
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: ["1ms", "499ms", "11m"]) func saysHowLongACommandMayTake(timeout: String) async {
        let ran = await hostctl("call", "kasa", "x", "--timeout", timeout)
        #expect(ran.status == 64)
        #expect(ran.messages.contains("--timeout is 500ms to 10m."))
    }

    @Test(arguments: [["lst"], ["-o", "json", "lst"], ["--root", "status", "lst"], ["quarantine", "lst"]])
    func suggestsTheNearestCommand(arguments: [String]) async {
        let ran = await hostctl(arguments)
        #expect(
            ran.messages
                == "hostctl: There is no command \"lst\".\n  Did you mean \"list\"? `hostctl help` lists all.\n"
        )
        #expect(ran.status == 64)
    }

    @Test(arguments: [
        ["call", "kasa", "x", "LONG"], ["call", "kasa", "x", "--arguments", "LONG"], ["call", "kasa", "LONG"],
        ["show", "LONG"], ["show", "kasa", "LONG"], ["LONG"], ["settings", "get", "kasa", "LONG"],
        ["settings", "set", "kasa", "LONG.=1"], ["call", "kasa", "x", "LONG=1", "LONG=2"],
        ["readings", "LONG"], ["top", "--interval", "LONG"], ["-o", "LONG", "list"],
    ])
    func doesNotRepeatALongArgumentWhole(arguments: [String]) async throws {
        let long = String(repeating: "abc ", count: 25_000)
        // The host may echo it too.
        try await TinyServer.with { request in
            request.target.hasSuffix("settings")
                ? .json(200, #"{"revision": 7, "document": {}, "saved": {}}"#)
                : .json(404, String(json: Failure(.noSuchCommand, "There is no \"\(long)\"!", hint: "\(long)!")))
        } _: { server in
            let ran = await hostctl(arguments.map { $0.replacing("LONG", with: long) } + ["--root", server.root])
            #expect(ran.status != 0)
            #expect(ran.messages.contains("…"))
            #expect(ran.messages.utf8.count < 2_000)
        }
    }
}
