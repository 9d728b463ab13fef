import HostAPI
import Testing

/// The routes that change what the host holds.
@Suite(.timeLimit(.minutes(1)))
struct ChangeRouteTests {
    @Test(arguments: [
        (#"{"kind":"install","source":"/a/b.so"}"#, "begin install - /a/b.so -"),
        (
            #"{"kind":"install","plugin":"kasa","version":"1.1.0","isConsented":true,"isDryRun":true,"later":[]}"#,
            "begin install kasa - 1.1.0 consented dry"
        ),
        (#"{"kind":"uninstall","plugin":"kasa","isPurge":true,"source":null}"#, "begin uninstall kasa - - purge"),
    ])
    func beginsAChange(body: String, question: String) async throws {
        try await Serving.run { serving in
            let answer = try await serving.ask("POST", "/v1/changes", body: body)
            let plan: ChangePlan = try answer.decoded()
            #expect(plan.change == TestHost.change)
            #expect(plan.permissions == .object(["listen": .array([.integer(80)])]))
            #expect(serving.host.asked == [question])
        }
    }

    @Test(arguments: [
        (#"{"kind":"instal"}"#, "Did you mean \"install\"?"),
        (#"{"kind":"settings"}"#, "The kinds are install, upgrade"),
        (#"{"plugin":"kasa"}"#, "/kind"),
        (#"{"kind":"install","source":"kasa.so"}"#, "absolute path"),
        (#"{"kind":"install","isPurge":"yes"}"#, "/isPurge"),
        ("", "needs a body"),
    ])
    func refusesAWrongRequest(body: String, named: String) async throws {
        try await Serving.run { serving in
            let failure = try await serving.ask("POST", "/v1/changes", body: body).failure()
            #expect(failure.code == .invalidArgument)
            #expect(failure.description.contains(named))
            #expect(serving.host.asked == [])
        }
    }

    @Test
    func abortsAChange() async throws {
        try await Serving.run { serving in
            let answer = try await serving.ask("POST", "/v1/changes/12/abort")
            #expect(try answer.decoded() == TestHost.undone)
            #expect(serving.host.asked == ["abort 12"])
        }
    }

    @Test
    func watchesAChangeToItsEnd() async throws {
        try await Serving.run { serving in
            let answer = try await serving.get("/v1/changes/12/watch")
            #expect(answer.head.contains("Content-Type: text/event-stream"))
            #expect(answer.body.ranges(of: "data: {").count == 2)
            #expect(answer.body.contains(#""state":"doing""#))
            #expect(answer.body.contains(#""state":"undone""#))
            #expect(!answer.body.contains("id:"))
            #expect(answer.body.hasSuffix("0\r\n\r\n"))
        }
    }

    @Test(arguments: ["diff", "apply"])
    func takesADesiredStateFile(action: String) async throws {
        try await Serving.run { serving in
            let body = #"{"text":"plugins: {}","file":"home.yaml","directory":"/etc/hearth"}"#
            let answer = try await serving.ask("POST", "/v1/home/\(action)", body: body)
            #expect(try answer.decoded() == TestHost.homeReport)
            let wrong = try await serving.ask("POST", "/v1/home/\(action)", body: #"{"text":"plugins: {}"}"#)
            #expect(try wrong.failure().code == .invalidArgument)
            #expect(serving.host.asked == ["\(action) home.yaml /etc/hearth plugins: {}"])
        }
    }

    @Test
    func exportsTheDesiredState() async throws {
        try await Serving.run { serving in
            let answer = try await serving.get("/v1/home/export")
            #expect(answer.body == #"{"text":"apiVersion: home/1\n"}"#)
        }
    }
}

/// A pass can be asked for in many ways, and in none that is wrong.
@Suite(.timeLimit(.minutes(1)))
struct ReconcileBodyTests {
    @Test(arguments: [
        // The eight kinds of what `force` may be.
        (#"{"force":true}"#, "reconcile forced"),
        (#"{"force":1}"#, "reconcile forced"),
        (#"{"force":"TRUE"}"#, "reconcile forced"),
        (#"{"force":"On"}"#, "reconcile forced"),
        (#"{"force":"yes"}"#, "reconcile forced"),
        (#"{"force":"1"}"#, "reconcile forced"),
        (#"{"force":false}"#, "reconcile"),
        (#"{"force":null}"#, "reconcile"),
        // What else it is, it is no yes.
        (#"{"force":1.0}"#, "reconcile forced"),
        (#"{"force":2}"#, "reconcile"),
        (#"{"force":"off"}"#, "reconcile"),
        (#"{"force":" yes"}"#, "reconcile"),
        (#"{"force":[true]}"#, "reconcile"),
        (#"{"force":{"force":true}}"#, "reconcile"),
        // The other members.
        (#"{"dryRun":true,"plugins":["kasa","hue"]}"#, "reconcile dry kasa hue"),
        (#"{"dry_run":"yes","force":true,"plugins":[]}"#, "reconcile forced dry"),
        (#"{"plugins":["kasa",1,null]}"#, "reconcile kasa 1 null"),
        (#"{"plugins":"kasa"}"#, "reconcile kasa"),
        (#"{"plugins":{"kasa":true},"later":1}"#, #"reconcile {"kasa":true}"#),
        // Bodies that are no object.
        ("{}", "reconcile"), ("null", "reconcile"), ("true", "reconcile"), ("1", "reconcile"),
        (#""true""#, "reconcile"), (#"["force"]"#, "reconcile"), (#"[{"force":true}]"#, "reconcile"),
        // Bodies that are no JSON.
        ("", "reconcile"), ("{", "reconcile"), ("force=true", "reconcile"), (#"{"force":1e999}"#, "reconcile"),
        (#"{"force":true"#, "reconcile"), ("\u{0}\u{FFFD}", "reconcile"),
    ])
    func understandsAnyBody(body: String, question: String) async throws {
        try await Serving.run { serving in
            let answer = try await serving.ask("POST", "/v1/reconcile", body: body)
            #expect(answer.status == 200)
            #expect(try answer.decoded() == TestHost.report)
            #expect(serving.host.asked == [question])
        }
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "application/json", "nonsense"])
    func doesNotCareForTheTypeOfTheBody(type: String) async throws {
        try await Serving.run { serving in
            let headers = ["Content-Type: \(type)"]
            let answer = try await serving.ask("POST", "/v1/reconcile", headers: headers, body: #"{"force":true}"#)
            #expect(answer.status == 200)
            #expect(serving.host.asked == ["reconcile forced"])
        }
    }

    @Test
    func needsNoBody() async throws {
        try await Serving.run { serving in
            let answer = try await serving.ask("POST", "/v1/reconcile")
            #expect(answer.status == 200)
            #expect(serving.host.asked == ["reconcile"])
        }
    }

    @Test(arguments: [
        String(repeating: "[", count: 100_000),
        #"{"force":true,"x":""# + String(repeating: "x", count: 1 << 20) + "\"}",
    ])
    func survivesAMonsterOfABody(body: String) async throws {
        try await Serving.run { serving in
            let answer = try await serving.ask("POST", "/v1/reconcile", body: body)
            #expect(answer.status == 200)
            #expect(serving.host.asked == ["reconcile"])
        }
    }
}
