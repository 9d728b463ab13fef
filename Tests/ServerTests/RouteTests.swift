import HostAPI
import Testing

/// Each route asks the host what `docs/api.md` says, and answers with what the host says.
@Suite(.timeLimit(.minutes(1)))
struct RouteTests {
    @Test(arguments: [
        ("/v1/status", "status"),
        ("/v1/plugins", "plugins"),
        ("/v1/plugins/kasa", "plugin kasa"),
        ("/v1/resources", "resources"),
        ("/v1/devices", "devices of all"),
        ("/v1/devices?plugin=kasa", "devices kasa"),
        ("/v1/readings/latest", "latest readings"),
        ("/v1/readings?series=kasa/1/power", "readings kasa/1/power - - 1000"),
        (
            "/v1/readings?series=a%2Fb&since=2026-03-01T10:30:00%2B01:00&until=2026-03-01T09:30:00.250Z&limit=100000",
            "readings a/b 2026-03-01T09:30:00.000Z 2026-03-01T09:30:00.250Z 100000"
        ),
        ("/v1/readings?since=2026-03-01T10:30:00+01:00&series=s", "readings s 2026-03-01T09:30:00.000Z - 1000"),
        ("/v1/plugins/kasa/settings", "settings kasa"),
        ("/v1/plugins/kasa/logs", "logs kasa - debug 200 false"),
        (
            "/v1/plugins/kasa/logs?since=2026-03-01T09:30:00Z&level=error&limit=0&follow=false",
            "logs kasa 2026-03-01T09:30:00.000Z error 0 false"
        ),
        ("/v1/alerts", "alerts false"),
        ("/v1/alerts?all=true", "alerts true"),
        ("/v1/quarantine", "quarantine"),
        ("/v1/changes", "changes of all 50"),
        ("/v1/changes?plugin=kasa&limit=1000", "changes kasa 1000"),
        ("/v1/changes/12", "change 12"),
        ("/v1/home/export", "export"),
        ("/v1/catalogue", "search for all"),
        ("/v1/catalogue?words=smart%20plug", "search smart plug"),
    ])
    func asksTheHost(target: String, question: String) async throws {
        try await Serving.run { serving in
            let answer = try await serving.get(target)
            #expect(answer.status == 200)
            #expect(serving.host.asked == [question])
            #expect(answer.head.contains("Content-Type: application/json"))
            #expect(answer.head.contains("Cache-Control: no-store"))
        }
    }

    @Test(arguments: PluginAction.allCases)
    func carriesOutAnAction(_ action: PluginAction) async throws {
        try await Serving.run { serving in
            let answer = try await serving.ask("POST", "/v1/plugins/kasa/\(action.rawValue)")
            #expect(try answer.decoded() == serving.host.plugin)
            #expect(serving.host.asked == ["control kasa \(action)"])
        }
    }

    @Test
    func callsACommand() async throws {
        try await Serving.run { serving in
            let full = """
                {"plugin":"kasa","device":"Küche","command":"set","arguments":{"on":true},"timeoutMilliseconds":600000}
                """
            let answer = try await serving.ask("POST", "/v1/commands", body: full)
            #expect(answer.body == #"{"message":"","milliseconds":1.5,"result":{"on":true}}"#)
            let least = #"{"plugin":"kasa","command":"scan","device":null,"later":1}"#
            #expect(try await serving.ask("POST", "/v1/commands", body: least).status == 200)
            #expect(serving.host.asked == [#"call kasa Küche set {"on":true} 600000"#, "call kasa - scan {} -"])
        }
    }

    @Test
    func savesSettings() async throws {
        try await Serving.run { serving in
            let path = "/v1/plugins/kasa/settings"
            let answer = try await serving.ask("PUT", path, body: #"{"document":{"hours":2},"ifRevision":3}"#)
            #expect(try answer.decoded(SettingsResult.self).revision == 4)
            let late = try await serving.ask("PUT", path, body: #"{"document":{"hours":3},"ifRevision":3}"#)
            #expect(try late.failure().code == .conflict)
            #expect(serving.host.asked == [#"save kasa {"hours":2} 3"#, #"save kasa {"hours":3} 3"#])
        }
    }

    @Test
    func liftsAQuarantine() async throws {
        try await Serving.run { serving in
            let answer = try await serving.ask("DELETE", "/v1/quarantine/abcdef")
            #expect(try answer.decoded() == [serving.host.entry])
            #expect(serving.host.asked == ["lift abcdef"])
        }
    }

    @Test
    func leavesSlashesAndSortsMembers() async throws {
        try await Serving.run { serving in
            let answer = try await serving.get("/v1/readings?series=s")
            let readings = """
                [{"time":"2026-03-01T09:30:00.250Z","value":1.5},\
                {"isAnomalous":true,"time":"2026-03-01T09:30:00.250Z","value":null}]
                """
            let series = #"{"device":"Küche/Licht","entity":"power","plugin":"kasa"}"#
            #expect(answer.body == #"{"isTruncated":false,"readings":\#(readings),"series":\#(series),"unit":"W"}"#)
        }
    }

    @Test
    func answersManyRequestsOnOneConnection() async throws {
        try await Serving.run { serving in
            try await Connection.open(serving.socketPath) { connection in
                for _ in 1...3 {
                    try await connection.get("/v1/resources")
                    let head = try await connection.receive(until: "\r\n\r\n")
                    #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
                    #expect(try await connection.receive(until: "]").hasPrefix("[{"))
                }
            }
            #expect(serving.host.asked == ["resources", "resources", "resources"])
        }
    }
}
